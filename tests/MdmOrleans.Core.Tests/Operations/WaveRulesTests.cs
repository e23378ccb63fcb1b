using CsCheck;
using MdmOrleans.Core.Operations;

namespace MdmOrleans.Core.Tests.Operations;

public sealed class WaveRulesTests
{
    private static readonly Guid Operation = Guid.Parse("01939e2c-0000-7000-8000-000000000001");

    [Fact]
    public void A_place_in_the_line_is_the_same_in_every_process_and_release() =>
        Assert.Equal(739207282202845153UL, WaveRules.PlaceOf(Operation, "tablet-7"));

    [Fact]
    public void Another_operation_begins_with_other_devices()
    {
        string[] fleet = [.. Enumerable.Range(0, 1000).Select(i => $"tablet-{i}")];
        var other = Guid.Parse("01939e2c-0000-7000-8000-000000000002");

        var first = fleet.OrderBy(device => WaveRules.PlaceOf(Operation, device)).Take(10);
        var second = fleet.OrderBy(device => WaveRules.PlaceOf(other, device)).Take(10);

        Assert.NotEqual(first, second);
    }

    [Theory]
    [InlineData(100_000, 1, 1000)]
    [InlineData(150, 1, 2)]
    [InlineData(1, 1, 1)]
    [InlineData(0, 100, 0)]
    [InlineData(int.MaxValue, 100, int.MaxValue)]
    public void A_wave_reaches_its_share_of_the_fleet_and_at_least_one_device(int devices, int percent, int reach) =>
        Assert.Equal(reach, WaveRules.Reach(devices, percent));

    [Fact]
    public void A_later_wave_never_reaches_less_and_the_last_one_reaches_everybody() =>
        Gen.Select(Gen.Int[0, 2_000_000], Gen.Int[1, 99]).Sample((devices, percent) =>
            WaveRules.Reach(devices, percent) <= WaveRules.Reach(devices, percent + 1) && WaveRules.Reach(devices, 100) == devices);

    [Theory]
    [InlineData(new[] { 1, 10, 100 }, new[] { 1, 10, 100 })]
    [InlineData(new[] { 5 }, new[] { 5, 100 })]
    [InlineData(new[] { 100 }, new[] { 100 })]
    public void The_last_wave_is_everybody(int[] asked, int[] waves) => Assert.Equal(waves, WaveRules.Read(asked)!.Value);

    [Theory]
    [InlineData(new int[0])]
    [InlineData(new[] { 0, 100 })]
    [InlineData(new[] { 10, 10 })]
    [InlineData(new[] { 10, 5 })]
    [InlineData(new[] { 101 })]
    [InlineData(new[] { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20 })]
    public void Waves_that_do_not_ascend_to_everybody_in_twenty_steps_are_none(int[] asked) => Assert.Null(WaveRules.Read(asked));
}
