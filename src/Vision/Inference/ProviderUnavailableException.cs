namespace Inspection.Vision.Inference;

/// <summary>The configured provider cannot run here. There is no silent fall-back: another provider would give other scores and another speed.</summary>
public sealed class ProviderUnavailableException(string provider, string why, string remedy, Exception inner)
    : Exception($"inference provider {provider} is not available: {why}. {remedy}.", inner)
{
    public string Provider { get; } = provider;
}
