namespace Inspection.Learning.Backbones;

/// <summary>
/// The ImageNet ResNet-18 that the package Microsoft.ML.DnnImageFeaturizer.ResNet18 ships (MIT; CNTK, opset 8, BGR less the ImageNet
/// mean, 224 x 224). The build copies it beside the program; a fresh clone downloads nothing of its own.
/// </summary>
internal static class PackagedResNet
{
    public const string RelativePath = "backbones/resnet18.onnx";

    private static readonly (string, string)[] Layers =
    [
        ("ReLU283_Output_0", "layer1"),
        ("ReLU315_Output_0", "layer2"),
        ("ReLU347_Output_0", "layer3"),
        ("ReLU393_Output_0", "layer4"),
    ];

    // The shipped mean image varies from pixel to pixel; its averages do as well and fit any size (B, G, R).
    private static readonly InputNormalisation Normalisation = new() { Order = ColourOrder.Bgr, Mean = [103.0626f, 115.9029f, 123.1516f], Std = [1, 1, 1] };

    public static Backbone Open()
    {
        var file = Path.Combine(AppContext.BaseDirectory, RelativePath);
        if (!File.Exists(file))
        {
            throw new BackboneException($"{file}: the packaged backbone is missing beside the program; build the program again, or give an ONNX file with --backbone");
        }

        var (model, digest) = Backbone.Read(file);
        return Backbone.Create("resnet18-imagenet", digest, TrunkRewriter.Rewrite(model.Graph, "Input247", Layers), Normalisation);
    }
}
