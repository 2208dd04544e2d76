namespace Inspection.Learning.Backbones;

/// <summary>A backbone that cannot serve: the message says which file, what is wrong with it and what is wanted.</summary>
public sealed class BackboneException : Exception
{
    public BackboneException(string message)
        : base(message)
    {
    }

    public BackboneException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
