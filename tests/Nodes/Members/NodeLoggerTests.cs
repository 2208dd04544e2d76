using System.Text.Json;
using Akka.Actor;
using Akka.Event;
using Inspection.Members;
using Inspection.Nodes.Hosting.Setup;
using Xunit;

namespace Inspection.Nodes.Tests.Members;

/// <summary>A node's log as a program reads it: one object a line, with line, station and epoch as keys (issue: operations).</summary>
public sealed class NodeLoggerTests
{
    [Fact]
    public async Task Named_values_become_keys()
    {
        using var system = ActorSystem.Create("log", "akka.stdout-loglevel = OFF");
        using var answers = new Answers(system);
        _ = system.EventStream.Subscribe(answers.Receiver, typeof(Info));
        system.Log.Info("station {Station} of line {Line} holds epoch {Epoch}, resumes after '{Last}'", "s1", "press", 7L, "a \"quoted\" name");
        Info logged;
        do
        {
            logged = (Info)await answers.NextAsync(TimeSpan.FromMinutes(1));
        }
        while (!logged.Message.ToString()!.StartsWith("station", StringComparison.Ordinal));

        using var entry = JsonDocument.Parse(NodeLogger.Text(logged, asJson: true));
        Assert.Equal("s1", entry.RootElement.GetProperty("station").GetString());
        Assert.Equal("press", entry.RootElement.GetProperty("line").GetString());
        Assert.Equal("7", entry.RootElement.GetProperty("epoch").GetString());
        Assert.Equal("info", entry.RootElement.GetProperty("level").GetString());
        Assert.Contains("holds epoch 7", entry.RootElement.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_cause_is_kept_whole_for_programs_and_short_for_people()
    {
        var failed = new Error(new InvalidOperationException("no disk"), "akka://test/user/x", typeof(NodeLoggerTests), "it failed");
        using var entry = JsonDocument.Parse(NodeLogger.Text(failed, asJson: true));
        Assert.Contains("InvalidOperationException", entry.RootElement.GetProperty("cause").GetString(), StringComparison.Ordinal);
        Assert.EndsWith("error   it failed: InvalidOperationException: no disk", NodeLogger.Text(failed, asJson: false), StringComparison.Ordinal);
    }
}
