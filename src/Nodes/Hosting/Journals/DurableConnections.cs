using System.Data.Common;
using System.Globalization;
using LinqToDB.Interceptors;

namespace Inspection.Nodes.Hosting.Journals;

/// <summary>Rule J6: each connection is made durable, and checked, when it is opened; before it has written anything.</summary>
/// <param name="sql">Sets what must hold, and asks what holds then; the first answer counts, what follows it is done too.</param>
/// <param name="check">Throws where the answer is not good enough.</param>
internal sealed class DurableConnections(string sql, Action<string> check) : ConnectionInterceptor
{
    public override void ConnectionOpened(ConnectionEventData eventData, DbConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        check(Text(command.ExecuteScalar()));
    }

    public override Task ConnectionOpenedAsync(ConnectionEventData eventData, DbConnection connection, CancellationToken cancellationToken) => SecureAsync(connection, cancellationToken);

    public async Task SecureAsync(DbConnection connection, CancellationToken cancel)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        check(Text(await command.ExecuteScalarAsync(cancel)));
    }

    private static string Text(object? answer) => Convert.ToString(answer, CultureInfo.InvariantCulture) ?? "";
}
