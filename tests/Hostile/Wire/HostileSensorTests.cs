using Google.Protobuf;
using Grpc.Core;
using Inspection.Embedded;
using Inspection.Hostile.Tests.Pictures;
using Inspection.Nodes.Inference.DataPlane;
using Inspection.Nodes.Tests.DataPlane;
using Inspection.Nodes.Tests.Embedded;
using Inspection.Protocol;
using Inspection.Protocol.Wire;
using Inspection.Vision.Work;
using PixelBox = Inspection.Protocol.Wire.PixelBox;
using TriggerKey = Inspection.Protocol.TriggerKey;

namespace Inspection.Hostile.Tests.Wire;

/// <summary>A sensor node that sends a real worker work which makes no sense: each piece is answered, and the worker goes on.</summary>
[Collection(FittedModelsCollection.Name)]
public sealed class HostileSensorTests
{
    private const int Seed = 29;
    private const int Pieces = 400;
    private const long Last = 1_000_000;

    private readonly LineModels _models;

    public HostileSensorTests(FittedModels fitted) => _models = PackageModels.Load(fitted.Coarse, fitted.Verifier);

    [Fact]
    public async Task A_worker_answers_whatever_it_is_sent_and_then_does_its_work()
    {
        var (random, answers) = (new Random(Seed), new SortedDictionary<string, int>(StringComparer.Ordinal));
        await using var sensor = await HostileSensor.StartAsync(async (requests, responses) =>
        {
            for (var piece = 1; piece <= Pieces; piece++)
            {
                var message = Broken(random);
                message.Work.Offer = piece;
                await responses.WriteAsync(message);
                var said = await AnswerAsync(requests, piece);
                answers[said] = answers.GetValueOrDefault(said) + 1;
            }

            var whole = Coarse();
            whole.Work.Offer = Last;
            await responses.WriteAsync(whole);
            Assert.Equal(nameof(Answer.ResultOneofCase.Scored), await AnswerAsync(requests, Last));
        });
        await using var worker = new WorkerRig("worker-1", _models);
        worker.Links.Tell(new LinkMessages.SensorAppeared(new NodeId("sensor-1"), "127.0.0.1", sensor.Port), Akka.Actor.ActorRefs.NoSender);
        await sensor.Played.WaitAsync(SensorRig.Patience * 3);
        Summary.Write("5 work that makes no sense, by how a worker answered it", [.. answers.Select(a => $"{a.Key,-26}{a.Value,7}")]);
    }

    /// <summary>Passes over credit; fails where the stream ends.</summary>
    private static async Task<string> AnswerAsync(IAsyncStreamReader<WorkerMessage> requests, long offer)
    {
        using var patience = new CancellationTokenSource(SensorRig.Patience);
        while (await requests.MoveNext(patience.Token))
        {
            if (requests.Current.Answer is { } answer)
            {
                Assert.Equal(offer, answer.Offer);
                return answer.ResultCase.ToString();
            }
        }

        throw new InvalidOperationException($"the worker ended the stream instead of an answer to offer {offer}");
    }

    private SensorMessage Broken(Random random)
    {
        var message = random.Next(2) == 0 ? Coarse() : Verify();
        var work = message.Work;
        for (var changes = random.Next(1, 3); changes > 0; changes--)
        {
            switch (random.Next(10))
            {
                case 0:
                    message.Payload = ByteString.CopyFrom(new byte[random.Of([0, 1, 100, message.Payload.Length - 1, message.Payload.Length + 1, 4 << 20])]);
                    break;
                case 1:
                    work.Key = random.Next(2) == 0 ? null : new() { Line = "../x", Station = "", Epoch = -1, Counter = long.MinValue };
                    break;
                case 2:
                    work.TimeLeftTicks = random.Of<long>([0, -1, long.MaxValue, long.MinValue]);
                    break;
                case 3:
                    work.ClearTask();
                    break;
                case 4 when work.Coarse is { } task:
                    task.Geometry = random.Next(3) == 0 ? null : Geometry(random);
                    break;
                case 5 when work.Coarse is { } task:
                    task.Crops = new CropRule
                    {
                        FractionBits = BitConverter.DoubleToUInt64Bits(random.Of([double.NaN, double.PositiveInfinity, -1.0, 1e300, 0.0])),
                        Minimum = random.Of([int.MinValue, -1, 0, int.MaxValue]),
                        MaxRegions = random.Of([int.MinValue, -1, 0, 1, int.MaxValue]),
                    };
                    break;
                case 6 when work.Verify is { } task:
                    task.Channels = random.Of<uint>([0, 1, 2, 4, uint.MaxValue]);
                    break;
                case 7 when work.Verify is { } task:
                    var box = new PixelBox { X = Side(random), Y = Side(random), Width = Side(random), Height = Side(random) };
                    task.Regions.Add(Enumerable.Repeat(box, random.Of([1, 2, 200])));
                    break;
                case 8 when work.Verify is { } task:
                    // sizes whose product is small only because it overflows
                    task.Regions.Clear();
                    task.Regions.Add(new PixelBox { X = 0, Y = 0, Width = 1 << 30, Height = 1 << 30 });
                    task.Regions.Add(Enumerable.Repeat(new PixelBox { X = 0, Y = 0, Width = 1 << 30, Height = 1 << 30 }, 15));
                    message.Payload = ByteString.Empty;
                    break;
                default:
                    work.ExternalId = new string('x', random.Of([0, 1, 100_000]));
                    break;
            }
        }

        return message;
    }

    private static int Side(Random random) => random.Of([int.MinValue, -1, 0, 1, 8, 100_000, int.MaxValue]);

    private static Geometry Geometry(Random random)
    {
        var geometry = new Geometry { FrameWidth = Side(random), FrameHeight = Side(random), TensorWidth = Side(random), TensorHeight = Side(random), Alignment = (uint)random.Next(0, 6) };
        geometry.TensorToFrameBits.Add(Enumerable.Range(0, random.Of([0, 5, 6, 7])).Select(_ => BitConverter.DoubleToUInt64Bits(random.Of([double.NaN, double.PositiveInfinity, 1e300, -1e300, 1.0, 0.0]))));
        return geometry;
    }

    private SensorMessage Coarse()
    {
        var spec = _models.Coarse.Manifest.Preparation;
        var geometry = new Geometry { FrameWidth = FittedModels.Side, FrameHeight = FittedModels.Side, TensorWidth = spec.Width, TensorHeight = spec.Height, Alignment = 1 };
        geometry.TensorToFrameBits.Add(((double[])[1, 0, 0, 0, 1, 0]).Select(BitConverter.DoubleToUInt64Bits));
        return new SensorMessage
        {
            Work = Work(new CoarseTask { Package = Protocol.DataPlaneValues.ToWire(_models.Coarse.Package), Geometry = geometry, Crops = new CropRule { FractionBits = BitConverter.DoubleToUInt64Bits(0.5), Minimum = 32, MaxRegions = 3 } }),
            Payload = ByteString.CopyFrom(new byte[spec.TensorLength]),
        };
    }

    private SensorMessage Verify() => new()
    {
        Work = Work(null, new VerifyTask { Package = Protocol.DataPlaneValues.ToWire(_models.Verifier!.Package), Channels = 3, Regions = { new PixelBox { X = 4, Y = 4, Width = 48, Height = 48 } } }),
        Payload = ByteString.CopyFrom(new byte[48 * 48 * 3]),
    };

    private static Work Work(CoarseTask? coarse, VerifyTask? verify = null)
    {
        var work = new Work { Generation = 1, Key = Protocol.DataPlaneValues.ToWire(new TriggerKey(new LineId("l1"), new StationId("s1"), 1, 1)), ExternalId = "x.png", TimeLeftTicks = TimeSpan.FromMinutes(5).Ticks };
        if (coarse is not null)
        {
            work.Coarse = coarse;
        }
        else
        {
            work.Verify = verify;
        }

        return work;
    }
}
