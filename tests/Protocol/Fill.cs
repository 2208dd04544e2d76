using System.Reflection;

namespace Inspection.Protocol.Tests;

/// <summary>
/// Makes records of any protocol type by reflection, with every field set (full) or with as little as a record allows (sparse), so that
/// a field that is added later is tested without anybody remembering it.
/// </summary>
internal sealed class Fill(int seed, bool sparse = false)
{
    private readonly Random _random = new(seed);

    /// <summary>The messages: everything that implements a message interface.</summary>
    public static IReadOnlyList<Type> MessageTypes { get; } =
    [
        .. typeof(ILineEvent).Assembly.GetTypes()
            .Where(t => t is { IsClass: true, IsAbstract: false } && (typeof(ILineEvent).IsAssignableFrom(t) || typeof(ILineMessage).IsAssignableFrom(t) || typeof(INodeMessage).IsAssignableFrom(t)))
            .OrderBy(t => t.FullName, StringComparer.Ordinal),
    ];

    public object Message(Type type) => Tidy(Value(type)!);

    private object? Value(Type type)
    {
        if (Nullable.GetUnderlyingType(type) is { } inner)
        {
            return sparse ? null : Value(inner);
        }

        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(EquatableList<>))
        {
            return List(type.GetGenericArguments()[0]);
        }

        if (type.IsEnum)
        {
            var values = Enum.GetValues(type);
            return values.GetValue(_random.Next(values.Length));
        }

        return Leaf(type) ?? Record(type);
    }

    private object? Leaf(Type type) => type switch
    {
        _ when type == typeof(string) => sparse ? "" : $"text {_random.Next()} ÄΩ✓",
        _ when type == typeof(bool) => !sparse,
        _ when type == typeof(byte) => (byte)_random.Next(1, 256),
        _ when type == typeof(int) => sparse ? 0 : _random.Next(int.MinValue, 0),
        _ when type == typeof(long) => sparse ? 0 : _random.NextInt64(1, long.MaxValue) * (_random.Next(2) == 0 ? 1 : -1),
        _ when type == typeof(float) => Bits(),
        _ when type == typeof(TimeSpan) => sparse ? TimeSpan.Zero : TimeSpan.FromTicks(_random.NextInt64(1, long.MaxValue)),
        _ when type == typeof(Digest) => sparse ? Digest.None : Digest.Of(BitConverter.GetBytes(_random.Next())),
        _ when type == typeof(LineId) => new LineId(Name("line")),
        _ when type == typeof(StationId) => new StationId(Name("station")),
        _ when type == typeof(CameraId) => new CameraId(Name("camera")),
        _ when type == typeof(NodeId) => new NodeId(Name("node")),
        _ when type == typeof(Conclusion) => _random.Next(2) == 0 ? Conclusion.Decided((Verdict)Value(typeof(Verdict))!) : Conclusion.FellBack((FallbackReason)Value(typeof(FallbackReason))!),
        _ => null,
    };

    // any bit pattern but zero: NaNs with payloads and infinities are among them
    private float Bits() => BitConverter.UInt32BitsToSingle(sparse ? 0 : _random.Next(3) == 0 ? 0x7F800000u | (uint)_random.Next(1, 1 << 22) : (uint)_random.Next(1, int.MaxValue));

    private string Name(string what) => $"{what}-{_random.Next(1000)}";

    private object List(Type item)
    {
        var items = Array.CreateInstance(item, sparse ? 0 : _random.Next(1, 4));
        for (var i = 0; i < items.Length; i++)
        {
            items.SetValue(Value(item), i);
        }

        return typeof(EquatableList).GetMethod(nameof(EquatableList.ToEquatableList))!.MakeGenericMethod(item).Invoke(null, [items])!;
    }

    private object Record(Type type)
    {
        var constructor = type.GetConstructors().OrderByDescending(c => c.GetParameters().Length).FirstOrDefault(c => !IsCopy(c));
        var arguments = constructor?.GetParameters().Select(p => Value(p.ParameterType)).ToArray() ?? [];
        var record = constructor is null ? Activator.CreateInstance(type)! : constructor.Invoke(arguments);
        foreach (var property in type.GetProperties().Where(p => p.CanWrite && arguments.Length == 0))
        {
            var isOptionalReference = new NullabilityInfoContext().Create(property).WriteState == NullabilityState.Nullable;
            property.SetValue(record, sparse && isOptionalReference ? null : Value(property.PropertyType));
        }

        return record;
    }

    private static bool IsCopy(ConstructorInfo c) => c.GetParameters() is [var only] && only.ParameterType == c.DeclaringType;

    /// <summary>A bitmap's length follows from its count.</summary>
    private static object Tidy(object message) => message switch
    {
        GateActed e => e with { Count = e.Passed.Count * 8 },
        LineCommands.ReportGateActs e => e with { Count = e.Passed.Count * 8 },
        _ => message,
    };
}
