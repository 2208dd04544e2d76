using System.Security.Cryptography;
using System.Text;
using Akka.Actor;
using Inspection.Protocol;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Inspection.Nodes.Gateway;

/// <summary>
/// What people write into a line's journal, over HTTP: reviews, erasures of frames, and that a stopped line may run again. POST /people/MANIFEST, the command as
/// <see cref="ProtocolCodec"/> encodes it; the answer comes likewise, its manifest in a header. Closed unless the node was given a key, which
/// every request shows (Authorization: Bearer KEY). Traffic is in clear: across machines put TLS in front.
/// </summary>
public static class PeopleRoutes
{
    public const string Path = "/people/";

    public const string ManifestHeader = "Inspection-Manifest";

    private const int MostBytes = 64 * 1024;

    private static readonly TimeSpan AskTimeout = TimeSpan.FromSeconds(10);

    /// <param name="app">The pages.</param>
    /// <param name="key">Null or empty: closed.</param>
    /// <param name="supervisors">Null: this node is no member yet.</param>
    public static void Map(WebApplication app, string? key, Func<IActorRef?> supervisors) => app.MapPost(Path + "{manifest}", async (string manifest, HttpContext http) =>
    {
        if (string.IsNullOrEmpty(key))
        {
            return Text(StatusCodes.Status403Forbidden, "this node takes no word of people (reviews, erasures, resume): set INSPECTION_ACCESS_KEY where it runs");
        }

        if (!IsKey(http.Request.Headers.Authorization.ToString(), key))
        {
            return Text(StatusCodes.Status401Unauthorized, "the access key is missing or another: set INSPECTION_ACCESS_KEY to the node's");
        }

        if (supervisors() is not { } lines)
        {
            return Text(StatusCodes.Status503ServiceUnavailable, "this node is no member of its cluster yet");
        }

        if (await ReadAsync(http.Request) is not { } body)
        {
            return Text(StatusCodes.Status413PayloadTooLarge, $"a command has at most {MostBytes} bytes");
        }

        try
        {
            return ProtocolCodec.Decode(manifest, body) is ILineMessage command and (LineCommands.ReviewPart or LineCommands.EraseFrame or LineCommands.ResumeStation)
                ? await AskAsync(lines, command, http.Response)
                : Text(StatusCodes.Status400BadRequest, $"'{manifest}' is neither a review nor an erasure nor a resume");
        }
        catch (ProtocolException e)
        {
            return Text(StatusCodes.Status400BadRequest, e.Message);
        }
    });

    private static async Task<IResult> AskAsync(IActorRef lines, ILineMessage command, HttpResponse response)
    {
        try
        {
            var answer = await lines.Ask<ILineMessage>(command, AskTimeout);
            response.Headers[ManifestHeader] = ProtocolCodec.ManifestOf(answer);
            return Results.Bytes(ProtocolCodec.Encode(answer), "application/x-protobuf");
        }
        catch (AskTimeoutException)
        {
            return Text(StatusCodes.Status504GatewayTimeout, $"the supervisor of line {command.Line} did not answer within {AskTimeout.TotalSeconds:0} s; it may have been recorded: look before you ask again");
        }
    }

    private static bool IsKey(string authorization, string key) =>
        CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(authorization)), SHA256.HashData(Encoding.UTF8.GetBytes($"Bearer {key}")));

    private static async Task<ReadOnlyMemory<byte>?> ReadAsync(HttpRequest request)
    {
        var room = new byte[MostBytes + 1];
        var length = await request.Body.ReadAtLeastAsync(room, room.Length, throwOnEndOfStream: false);
        return length > MostBytes ? default(ReadOnlyMemory<byte>?) : room.AsMemory(0, length);
    }

    private static IResult Text(int status, string what) => Results.Text(what + "\n", "text/plain", Encoding.UTF8, status);
}
