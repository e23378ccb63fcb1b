using CsCheck;

namespace MdmOrleans.Core.Tests.Deadlines;

/// <summary>What may happen to a device, and to those who watch over it.</summary>
internal abstract record ModelInput
{
    public static Gen<ModelInput[]> Sequences { get; } = Gen.Frequency(
        (4, Gen.Int[1, 30].Select(hours => (ModelInput)new Wait(hours))),
        (3, Gen.Bool.Select(good => (ModelInput)new CheckIn(good))),
        (2, Gen.Const((ModelInput)new Act())),
        (1, ModelPolicy.Any.Select(policy => (ModelInput)new Change(policy))),
        (1, Gen.Bool.Select(crashes => crashes ? (ModelInput)new Crash() : new Rival()))).Array[1, 25];

    /// <summary>Time passes, and nobody wakes the device.</summary>
    internal sealed record Wait(int Hours) : ModelInput;

    internal sealed record CheckIn(bool OsIsGood) : ModelInput;

    /// <summary>The device is woken.</summary>
    internal sealed record Act : ModelInput;

    internal sealed record Change(ModelPolicy Policy) : ModelInput;

    /// <summary>Whatever is only in memory is lost.</summary>
    internal sealed record Crash : ModelInput;

    /// <summary>Another activation of the device acts first.</summary>
    internal sealed record Rival : ModelInput;
}
