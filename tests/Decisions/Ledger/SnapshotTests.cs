using FsCheck.Xunit;
using Inspection.Decisions.Ledger;
using Inspection.Protocol;

namespace Inspection.Decisions.Tests.Ledger;

/// <summary>Rule V6: a snapshot is a cache, and bytes that are none are refused as that.</summary>
public sealed class SnapshotTests
{
    private static readonly byte[] Good = MakeGood();

    [Property(MaxTest = 300)]
    public void Damaged_bytes_are_refused_or_read_and_never_anything_else(int at, byte value, bool cut)
    {
        var bytes = (byte[])Good.Clone();
        var index = (int)((uint)at % (uint)bytes.Length);
        bytes[index] = value;
        try
        {
            Assert.NotNull(LedgerSnapshot.FromBytes(cut ? bytes.AsSpan(0, index) : bytes));
        }
        catch (FormatException e)
        {
            Assert.NotEmpty(e.Message);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("[1]")]
    [InlineData("""{"Format":1,"Line":"a","Head":"","Models":[null],"Stations":[]}""")]
    [InlineData("""{"Format":1,"Line":"a","Head":"","Recipe":{"Name":"r","Views":["x"],"ByDefect":[]},"Models":[],"Stations":[]}""")]
    [InlineData("""{"Format":2}""")]
    [InlineData("""{"Format":1,"Line":"a","Head":"00"}""")]
    [InlineData("""{"Format":1,"Line":"a","Head":"","Models":[],"Stations":[]}""")]
    public void Bytes_of_another_kind_are_refused(string text) =>
        Assert.Throws<FormatException>(() => LedgerSnapshot.FromBytes(System.Text.Encoding.UTF8.GetBytes(text)));

    [Fact]
    public void Thresholds_keep_their_bits()
    {
        var world = LedgerWorld.Ready();
        var odd = Given.Coarse with { Reject = BitConverter.Int32BitsToSingle(0x3f800001), OodLimit = float.PositiveInfinity, Tolerance = float.Epsilon, ClearLimit = float.NaN };
        world.Activate(odd);
        _ = world.Settle();
        var back = LedgerSnapshot.FromBytes(new LedgerSnapshot(1, Digest.None, world.Ledger.Committed).ToBytes());
        Assert.Equal(odd, back.State.PolicyOf(Given.CoarseModel));
    }

    private static byte[] MakeGood()
    {
        var world = LedgerWorld.Ready();
        var epoch = world.Granted(Given.Front);
        _ = world.Announce(Given.Front, epoch, 1, 3);
        _ = world.Submit(Station.Key(Given.Front, epoch, 1), Given.View(Given.Top, 0.5f));
        _ = world.Settle();
        _ = world.Pass(TimeSpan.FromMilliseconds(1));
        _ = world.Send(new LineCommands.ReportFellBack(Given.Line, Given.Front, epoch, 1, 2, FallbackReason.Shed, "x"));
        _ = world.Settle();
        return new LedgerSnapshot(12, Digest.Of([3]), world.Ledger.Committed).ToBytes();
    }
}
