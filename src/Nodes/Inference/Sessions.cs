using Akka.Event;

namespace Inspection.Nodes.Inference;

/// <summary>One worker's sessions, one a model; a model is known by reference. One thread.</summary>
internal sealed class Sessions<TModel, TSession>(Func<TModel, TSession> open) : IDisposable
    where TModel : class
    where TSession : class, IDisposable
{
    private readonly Dictionary<TModel, TSession> _open = new(ReferenceEqualityComparer.Instance);

    /// <summary>Ahead of the first frame. One that cannot be opened is named in the log and left out: its frames fall back, the others are looked at.</summary>
    public void Open(IReadOnlyList<TModel> models, Func<TModel, string> name, ILoggingAdapter log)
    {
        foreach (var model in models)
        {
            try
            {
                _ = Of(model);
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                log.Error(e, "package {Package} cannot be opened", name(model));
            }
        }
    }

    /// <summary>Opened at the first use where it was not before.</summary>
    public TSession Of(TModel model)
    {
        if (!_open.TryGetValue(model, out var session))
        {
            _open[model] = session = open(model);
        }

        return session;
    }

    public void Dispose()
    {
        foreach (var session in _open.Values)
        {
            session.Dispose();
        }
    }
}
