using System.Data.Common;
using LinqToDB.Interceptors;

namespace Inspection.Nodes.Hosting.Journals;

/// <summary>Rule J6: each connection is made durable, and checked, when it is opened; before it has written anything.</summary>
/// <param name="secure">Sets and checks with the command it is given; throws where the setting does not hold.</param>
internal sealed class DurableConnections(Action<DbCommand> secure) : ConnectionInterceptor
{
    public override void ConnectionOpened(ConnectionEventData eventData, DbConnection connection)
    {
        using var command = connection.CreateCommand();
        secure(command);
    }

    public override Task ConnectionOpenedAsync(ConnectionEventData eventData, DbConnection connection, CancellationToken cancellationToken)
    {
        ConnectionOpened(eventData, connection);
        return Task.CompletedTask;
    }
}
