using System.Text;
using Inspection.Audit.Transparency;
using Inspection.Protocol;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Time.Testing;

namespace Inspection.Audit.Tests.Transparency;

/// <summary>Rule J8: a witness cosigns growth and nothing else, whatever it is sent and however often it is started.</summary>
public sealed class WitnessTests : IDisposable
{
    private const string Origin = "plant.example/log";

    private readonly TempFolder _folder = new();
    private readonly FakeTimeProvider _time = new(DateTimeOffset.FromUnixTimeSeconds(1_700_000_000));
    private readonly NoteSigner _log = NoteSigner.Open(Origin, NoteKeyKind.Ed25519, NoteSigner.NewKey());
    private readonly NoteSigner _key = NoteSigner.Open("witness.example/w1", NoteKeyKind.Cosignature, NoteSigner.NewKey());
    private readonly MerkleTree _tree = Grown();
    private SqliteWitnessStore _store;

    public WitnessTests() => _store = SqliteWitnessStore.Open(_folder["witness.db"]);

    public void Dispose()
    {
        _store.Dispose();
        _key.Dispose();
        _log.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Growth_is_cosigned_step_by_step_and_the_cosignature_verifies()
    {
        foreach (var (old, size) in new[] { (0, 0), (0, 1), (1, 1), (1, 2), (2, 7), (7, 64), (64, 100) })
        {
            var answer = Send(old, size);
            Assert.Equal(200, answer.Status);
            var note = SignedNote.Parse([.. Signed(size).ToBytes(), .. Encoding.UTF8.GetBytes(answer.Body)]);
            Assert.Equal(1_700_000_000, NoteVerifier.TimeOf(Assert.Single(note.VerifiedBy(_key.Verifier))));
        }
    }

    [Fact]
    public void After_a_restart_it_goes_on_where_it_was()
    {
        Assert.Equal(200, Send(0, 7).Status);
        _store.Dispose();
        _store = SqliteWitnessStore.Open(_folder["witness.db"]);
        Assert.Equal((409, "7\n", "text/x.tlog.size"), Parts(Send(0, 9)));
        Assert.Equal(200, Send(7, 9).Status);
    }

    [Fact]
    public void Another_history_of_the_same_log_is_never_cosigned()
    {
        Assert.Equal(200, Send(0, 50).Status);
        var other = Grown(1);
        Assert.Equal(422, Send(new AddCheckpoint(50, other.ProveConsistency(50, 60), Signed(60, other.RootOf(60)))).Status);
        Assert.Equal(422, Send(new AddCheckpoint(50, [], Signed(50, other.RootOf(50)))).Status);
        Assert.Equal(422, Send(new AddCheckpoint(50, [], Signed(60))).Status);
        Assert.Equal(400, Send(new AddCheckpoint(50, [], Signed(49))).Status);
        Assert.Equal((409, "50\n", "text/x.tlog.size"), Parts(Send(new AddCheckpoint(49, _tree.ProveConsistency(49, 60), Signed(60)))));
        Assert.Equal(200, Send(50, 60).Status);
    }

    [Fact]
    public void The_first_checkpoint_needs_no_proof_and_takes_none()
    {
        Assert.Equal(422, Send(new AddCheckpoint(0, [MerkleHash.Empty], Signed(5))).Status);
        Assert.Equal(422, Send(new AddCheckpoint(0, [], Signed(0, MerkleHash.Leaf([])))).Status);
        Assert.Equal(200, Send(0, 5).Status);
    }

    [Fact]
    public void Unknown_logs_and_unsigned_or_wrongly_signed_checkpoints_are_refused_and_change_nothing()
    {
        using var stranger = NoteSigner.Open(Origin, NoteKeyKind.Ed25519, NoteSigner.NewKey());
        var text = new Checkpoint(Origin, 5, _tree.RootOf(5)).ToString();
        var elsewhere = new Checkpoint("other.example/log", 5, _tree.RootOf(5)).ToString();
        Assert.Equal(404, Send(new AddCheckpoint(0, [], new SignedNote(elsewhere, [_log.Sign(elsewhere, _time.GetUtcNow())]))).Status);
        Assert.Equal(403, Send(new AddCheckpoint(0, [], new SignedNote(text, [stranger.Sign(text, _time.GetUtcNow())]))).Status);
        var forged = _log.Sign(new Checkpoint(Origin, 6, _tree.RootOf(6)).ToString(), _time.GetUtcNow());
        Assert.Equal(403, Send(new AddCheckpoint(0, [], new SignedNote(text, [forged]))).Status);
        Assert.Equal(200, Send(0, 5).Status);
    }

    [Theory]
    [InlineData("")]
    [InlineData("old 0\n")]
    [InlineData("old 00\n\n")]
    [InlineData("old -1\n\n")]
    [InlineData("new 0\n\n")]
    [InlineData("old 0\nAAAA\n\n")]
    [InlineData("old 0\n\ntext\n")]
    [InlineData("old 0\n\ntext\n\n\u2014 a AAAAAAA=\n")]
    public void What_is_no_request_is_answered_with_400(string body) => Assert.Equal(400, Witness.Add(Encoding.UTF8.GetBytes(body)).Status);

    [Fact]
    public void Of_requests_at_once_each_size_is_cosigned_in_one_order_only()
    {
        using var second = SqliteWitnessStore.Open(_folder["witness.db"]);
        var witnesses = new[] { Witness, Over(second) };
        var good = 0;
        _ = Parallel.For(0, 64, i =>
        {
            var held = 0L;
            for (var answer = new WitnessAnswer(409, "0\n"); answer.Status == 409;)
            {
                held = long.Parse(answer.Body, System.Globalization.CultureInfo.InvariantCulture);
                if (held > i + 1)
                {
                    return;
                }

                answer = witnesses[i % 2].Add(Request(held, i + 1).ToBytes());
                _ = answer.Status == 200 ? Interlocked.Increment(ref good) : 0;
            }
        });
        Assert.InRange(good, 1, 64);
        Assert.Equal("64\n", Send(0, 70).Body);
    }

    [Fact]
    public void A_damaged_store_is_refused_in_words()
    {
        Assert.Equal(200, Send(0, 5).Status);
        _store.Dispose();
        using (var connection = new SqliteConnection($"Data Source={_folder["witness.db"]};Pooling=False"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "UPDATE cosigned SET note = substr(note, 1, 20)";
            Assert.Equal(1, command.ExecuteNonQuery());
        }

        Assert.Contains("damaged", Assert.Throws<IOException>(() => SqliteWitnessStore.Open(_folder["witness.db"])).Message, StringComparison.Ordinal);
        File.WriteAllText(_folder["text.db"], new string('x', 4096));
        Assert.Contains("cannot be used", Assert.Throws<IOException>(() => SqliteWitnessStore.Open(_folder["text.db"])).Message, StringComparison.Ordinal);
    }

    private Witness Witness => Over(_store);

    private Witness Over(IWitnessStore store) => new(_key, new[] { _log.Verifier }.ToLookup(k => k.Name), store, _time);

    /// <summary>A hundred leaves; of another history with other bytes behind them.</summary>
    private static MerkleTree Grown(params byte[] more)
    {
        var tree = new MerkleTree();
        for (var i = 0; i < 100; i++)
        {
            tree.Add(MerkleHash.Leaf([(byte)i, .. more]));
        }

        return tree;
    }

    private WitnessAnswer Send(long old, long size) => Send(Request(old, size));

    private WitnessAnswer Send(AddCheckpoint request) => Witness.Add(request.ToBytes());

    private AddCheckpoint Request(long old, long size) => new(old, old == 0 || old > size ? [] : _tree.ProveConsistency(old, size), Signed(size));

    private SignedNote Signed(long size, Digest? root = null)
    {
        var text = new Checkpoint(Origin, size, root ?? _tree.RootOf(size)).ToString();
        return new SignedNote(text, [_log.Sign(text, _time.GetUtcNow())]);
    }

    private static (int, string, string) Parts(WitnessAnswer answer) => (answer.Status, answer.Body, answer.ContentType);
}
