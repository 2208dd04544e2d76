using System.Text.Json;
using System.Text.Json.Serialization;
using Inspection.Audit;
using Spectre.Console;

namespace Inspection.Console;

/// <summary>
/// Where a command speaks. With --json one JSON object is all that reaches standard output, and everything else goes to standard error;
/// without it people read standard output.
/// </summary>
internal sealed class Output
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DictionaryKeyPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    public Output(bool json, bool headless = false)
    {
        IsJson = json;
        People = json ? System.Console.Error : System.Console.Out;
        IsLive = !headless && !json && !System.Console.IsOutputRedirected && AnsiConsole.Profile.Capabilities.Ansi;
    }

    public bool IsJson { get; }

    /// <summary>Whether a live table may be drawn.</summary>
    public bool IsLive { get; }

    public TextWriter People { get; }

    /// <summary>As <see cref="People"/>, for lines that hold text from a journal or a bundle.</summary>
    public TextWriter Foreign => new ForeignWriter(People);

    public void Line(string text = "") => People.WriteLine(text);

    /// <summary>The text may quote what was read: of control characters only its newlines are written as they are.</summary>
    public void Error(string text) => System.Console.Error.WriteLine($"error: {string.Join('\n', text.Split('\n').Select(ForeignText.Visible))}");

    public void Warning(string text) => System.Console.Error.WriteLine($"warning: {text}");

    /// <summary>The command's one answer, where JSON was asked for.</summary>
    public void Answer(object value) => AnswerText(JsonSerializer.Serialize(value, Json));

    /// <summary>The same, already written as JSON.</summary>
    public void AnswerText(string json)
    {
        if (IsJson)
        {
            System.Console.Out.WriteLine(json);
        }
    }
}
