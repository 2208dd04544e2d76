using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Akka.Actor;
using Inspection.Embedded;
using Inspection.Nodes.Inference.DataPlane;
using Inspection.Nodes.Sensor.DataPlane;
using Inspection.Nodes.Tests.Embedded;
using Inspection.Protocol;
using Xunit;

namespace Inspection.Nodes.Tests.DataPlane;

[Collection(FittedModelsCollection.Name)]
public sealed class TlsTests(FittedModels fitted) : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("inspection-tls-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Frames_travel_over_TLS_to_a_worker_that_trusts_the_sensor_node()
    {
        var (certificate, key) = Certificate();
        var models = PackageModels.Load(fitted.Coarse, fitted.Verifier);
        using var frames = new PlaneFrames(models);
        await using var sensor = await SensorRig.StartAsync(options: new FrameServerOptions { CertificateFile = certificate, KeyFile = key });
        await using var worker = new WorkerRig("worker-1", models, options: new WorkerLinksOptions { Tls = true, TrustFile = certificate });
        worker.Finds(sensor, "localhost");
        sensor.Dispatcher.Tell(frames.Take(1));
        Assert.Equal(ViewOutcome.Scored, (await frames.EndedAsync(1, "answers over TLS"))[0].Outcome);
    }

    [Fact]
    public async Task A_worker_that_does_not_trust_the_sensor_node_does_not_connect()
    {
        var (certificate, key) = Certificate();
        var models = PackageModels.Load(fitted.Coarse, fitted.Verifier);
        await using var sensor = await SensorRig.StartAsync(options: new FrameServerOptions { CertificateFile = certificate, KeyFile = key });
        await using var worker = new WorkerRig("worker-1", models, options: new WorkerLinksOptions { Tls = true });
        worker.Finds(sensor, "localhost");
        var link = await worker.SeesLinkAsync(l => l.Trouble.Contains("certificate", StringComparison.OrdinalIgnoreCase), "the distrust");
        Assert.False(link.Connected);
    }

    private (string Certificate, string Key) Certificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=sensor-1", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        var files = (Path.Combine(_folder.FullName, "node.pem"), Path.Combine(_folder.FullName, "node.key"));
        File.WriteAllText(files.Item1, certificate.ExportCertificatePem());
        File.WriteAllText(files.Item2, key.ExportPkcs8PrivateKeyPem());
        return files;
    }
}
