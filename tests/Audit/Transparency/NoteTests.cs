using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Inspection.Audit.Transparency;
using Inspection.Tests.Support;

namespace Inspection.Audit.Tests.Transparency;

/// <summary>Rule J8: notes, checkpoints and cosignatures in the forms of C2SP, against what others published.</summary>
public sealed partial class NoteTests : IDisposable
{
    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(1679315147);
    private static readonly Checkpoint Head = new("plant.example/log", 20852163, MerkleHash.Leaf([1]));

    private readonly NoteSigner _log = NoteSigner.Open("plant.example/log", NoteKeyKind.Ed25519, NoteSigner.NewKey());
    private readonly NoteSigner _witness = NoteSigner.Open("witness.example/w1", NoteKeyKind.Cosignature, NoteSigner.NewKey());

    public void Dispose()
    {
        _log.Dispose();
        _witness.Dispose();
    }

    [Fact]
    public void The_published_note_verifies_and_with_any_bit_changed_it_does_not()
    {
        var (key, bytes) = Published();
        Assert.Equal(0xc74f20a3, key.KeyId);
        _ = Assert.Single(SignedNote.Parse(bytes).VerifiedBy(key));
        Assert.Equal(bytes, SignedNote.Parse(bytes).ToBytes());
        for (var bit = 0; bit < bytes.Length * 8; bit++)
        {
            var changed = bytes.ToArray();
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.False(Holds(key, changed), $"bit {bit % 8} of byte {bit / 8}");
        }
    }

    [Fact]
    public void The_published_note_cut_anywhere_does_not_verify()
    {
        var (key, bytes) = Published();
        for (var length = 0; length < bytes.Length; length++)
        {
            Assert.False(Holds(key, bytes[..length]), $"the first {length} bytes");
        }
    }

    [Fact]
    public void The_example_of_the_specification_verifies()
    {
        var text = File.ReadAllText(Path.Combine(Repository.Shared("conformance/transparency"), "signed-note.md"));
        var key = NoteVerifier.Parse(ExampleKey().Match(text).Value);
        var note = Encoding.UTF8.GetBytes(ExampleNote().Match(text).Groups[1].Value);
        _ = Assert.Single(SignedNote.Parse(note).VerifiedBy(key));
        Assert.Equal("example.com/foo+530d903a", key.ToString()[..24]);
    }

    [Fact]
    public void The_specification_s_checkpoint_and_cosigned_checkpoint_are_read_and_written_byte_for_byte()
    {
        foreach (var (file, signatures) in new[] { ("tlog-checkpoint.md", 1), ("tlog-cosignature.md", 2) })
        {
            var text = File.ReadAllText(Path.Combine(Repository.Shared("conformance/transparency"), file));
            var bytes = Encoding.UTF8.GetBytes(ExampleCheckpoint().Match(text).Groups[1].Value);
            var note = SignedNote.Parse(bytes);
            Assert.Equal(signatures, note.Signatures.Count);
            Assert.Equal(bytes, note.ToBytes());
            var head = Checkpoint.Parse(note.Text);
            Assert.Equal(("example.com/behind-the-sofa", 20852163), (head.Origin, head.Size));
            Assert.Equal(note.Text, head.ToString());
            Assert.True(signatures == 1 || NoteVerifier.TimeOf(note.Signatures[1]) == Now.ToUnixTimeSeconds());
        }
    }

    [Fact]
    public void A_log_signs_and_a_witness_cosigns_and_each_verifies_alone()
    {
        var note = Cosigned();
        var read = SignedNote.Parse(note.ToBytes());
        Assert.Equal(Head, Checkpoint.Parse(read.Text));
        _ = Assert.Single(read.VerifiedBy(NoteVerifier.Parse(_log.Verifier.ToString())));
        var cosignature = Assert.Single(read.VerifiedBy(NoteVerifier.Parse(_witness.Verifier.ToString())));
        Assert.Equal(Now.ToUnixTimeSeconds(), NoteVerifier.TimeOf(cosignature));
    }

    [Fact]
    public void A_cosigned_checkpoint_with_any_bit_changed_verifies_by_neither_key_or_not_at_all()
    {
        var bytes = Cosigned().ToBytes();
        for (var bit = 0; bit < bytes.Length * 8; bit++)
        {
            var changed = bytes.ToArray();
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.False(Holds(_log.Verifier, changed) && Holds(_witness.Verifier, changed), $"bit {bit % 8} of byte {bit / 8}");
        }
    }

    [Fact]
    public void Another_key_of_the_same_name_verifies_nothing_and_spoils_nothing()
    {
        using var stranger = NoteSigner.Open(_log.Verifier.Name, NoteKeyKind.Ed25519, NoteSigner.NewKey());
        var note = new SignedNote(Head.ToString(), [stranger.Sign(Head.ToString(), Now)]);
        Assert.Empty(note.VerifiedBy(_log.Verifier));
        _ = Assert.Single(note.With(_log.Sign(note.Text, Now)).VerifiedBy(_log.Verifier));
    }

    [Fact]
    public void A_signature_that_names_a_known_key_and_does_not_verify_spoils_the_note()
    {
        var note = new SignedNote(Head.ToString(), [_log.Sign(Head.ToString(), Now), _log.Sign((Head with { Size = 7 }).ToString(), Now)]);
        Assert.Contains("does not verify", Assert.Throws<NoteException>(() => note.VerifiedBy(_log.Verifier)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void One_key_has_another_id_as_a_witness_and_its_cosignature_is_no_signature()
    {
        var pem = NoteSigner.NewKey();
        using var signs = NoteSigner.Open("a", NoteKeyKind.Ed25519, pem);
        using var cosigns = NoteSigner.Open("a", NoteKeyKind.Cosignature, pem);
        Assert.NotEqual(signs.Verifier.KeyId, cosigns.Verifier.KeyId);
        Assert.False(signs.Verifier.Verifies("text\n", cosigns.Sign("text\n", Now)));
        Assert.False(cosigns.Verifier.Verifies("text\n", signs.Sign("text\n", Now)));
    }

    [Theory]
    [InlineData("", "no empty line")]
    [InlineData("text\n", "no empty line")]
    [InlineData("text\n\n", "was cut")]
    [InlineData("text\n\u2014 a AAAAAAA=\n", "no empty line")]
    [InlineData("text\n\n\u2014 a AAAAAAA=\n\n", "was cut")]
    [InlineData("text\n\n\u2014 a AAAAAAA=", "was cut")]
    [InlineData("text\n\n- a AAAAAAA=\n", "signature line")]
    [InlineData("text\n\n\u2014 a b AAAAAAA=\n", "signature line")]
    [InlineData("text\n\n\u2014 a+b AAAAAAA=\n", "signature line")]
    [InlineData("text\n\n\u2014 a AAAA\n", "key id alone")]
    [InlineData("text\n\n\u2014 a AAAAAAB=\n", "not base64")]
    [InlineData("te\txt\n\n\u2014 a AAAAAAA=\n", "control characters")]
    public void What_is_no_note_is_refused_in_words(string note, string reason) =>
        Assert.Contains(reason, Assert.Throws<NoteException>(() => SignedNote.Parse(Encoding.UTF8.GetBytes(note))).Message, StringComparison.Ordinal);

    [Fact]
    public void A_note_that_is_too_long_or_not_UTF_8_is_refused()
    {
        Assert.Contains("at most", Assert.Throws<NoteException>(() => SignedNote.Parse(new byte[SignedNote.MaxLength + 1])).Message, StringComparison.Ordinal);
        Assert.Contains("UTF-8", Assert.Throws<NoteException>(() => SignedNote.Parse([(byte)'a', 0xff, (byte)'\n'])).Message, StringComparison.Ordinal);
        var line = _log.Sign("text\n", Now).ToString();
        Assert.Contains("101 signatures", Assert.Throws<NoteException>(() => SignedNote.Parse(Encoding.UTF8.GetBytes("text\n\n" + string.Concat(Enumerable.Repeat(line, 101))))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("o\n1\n", "no others")]
    [InlineData("\n1\nAAAA\n", "no others")]
    [InlineData("o\n1\nAAAA\nextension\n", "no others")]
    [InlineData("o\n01\nAAAA\n", "leading zeroes")]
    [InlineData("o\n-1\nAAAA\n", "leading zeroes")]
    [InlineData("o\n9223372036854775808\nAAAA\n", "leading zeroes")]
    [InlineData("o\n1\nAAAA\n", "root hash")]
    [InlineData("o\n1\n?\n", "root hash")]
    public void What_is_no_checkpoint_is_refused_in_words(string text, string reason) =>
        Assert.Contains(reason, Assert.Throws<NoteException>(() => Checkpoint.Parse(text)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("PeterNeumann+c74f20a3", "NAME+ID+KEY")]
    [InlineData("PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", "a digit was changed")]
    [InlineData("Peter Neumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", "no key name")]
    [InlineData("PeterNeumann+c74f20a3+Axpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", "of type 3")]
    [InlineData("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10", "NAME+ID+KEY")]
    public void What_is_no_verifier_key_is_refused_in_words(string text, string reason) =>
        Assert.Contains(reason, Assert.Throws<NoteException>(() => NoteVerifier.Parse(text)).Message, StringComparison.Ordinal);

    private SignedNote Cosigned()
    {
        var note = new SignedNote(Head.ToString(), [_log.Sign(Head.ToString(), Now)]);
        return note.With(_witness.Sign(note.Text, Now));
    }

    private static bool Holds(NoteVerifier key, byte[] bytes)
    {
        try
        {
            return SignedNote.Parse(bytes).VerifiedBy(key).Count > 0;
        }
        catch (NoteException)
        {
            return false;
        }
    }

    private static (NoteVerifier Key, byte[] Note) Published()
    {
        using var json = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Repository.Shared("conformance/transparency"), "signed-note-vector.json")));
        return (NoteVerifier.Parse(json.RootElement.GetProperty("vkey").GetString()!), Encoding.UTF8.GetBytes(json.RootElement.GetProperty("note").GetString()!));
    }

    [GeneratedRegex(@"example\.com/foo\+530d903a\+\S+")]
    private static partial Regex ExampleKey();

    [GeneratedRegex("```\n(This is an example message\\..*?)```", RegexOptions.Singleline)]
    private static partial Regex ExampleNote();

    [GeneratedRegex("```\n(example\\.com/behind-the-sofa.*?)```", RegexOptions.Singleline)]
    private static partial Regex ExampleCheckpoint();
}
