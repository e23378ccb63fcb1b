using System.Collections.Immutable;
using MdmOrleans.Core.Commands;
using MdmOrleans.Core.Tenancy;
using MdmOrleans.Grains.Commands;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;

namespace MdmOrleans.Grains.Tests.Commands;

/// <summary>What a server stored before there was a daily limit.</summary>
public sealed class GovernorStateTests
{
    private readonly Serializer _serializer = new ServiceCollection().AddSerializer().BuildServiceProvider().GetRequiredService<Serializer>();

    [Fact]
    public void Settings_without_a_daily_limit_have_the_default_one_and_equal_what_is_stored_today()
    {
        var stored = _serializer.SerializeToArray(new SettingsBefore(7, 10, 5, GovernorApproval.TwoPerson, 0));

        var read = _serializer.Deserialize<GovernorSettings>(stored);

        Assert.Equal(DailyLimit.Default, read!.MaxPerDay);
        Assert.Equal(GovernorSettings.Default with { MaxInWindow = 7, Approval = GovernorApproval.TwoPerson }, read);
    }

    [Fact]
    public void Passes_without_a_day_are_kept()
    {
        var at = new DateTimeOffset(2026, 11, 24, 3, 0, 0, TimeSpan.Zero);
        var pass = new GovernorPass(Guid.CreateVersion7(at), at);

        var read = _serializer.Deserialize<GovernorState>(_serializer.SerializeToArray(new StateBefore { Passes = [pass] }));

        Assert.Equal([pass], read!.Passes.AsEnumerable());
        Assert.Empty(read.Day);
    }

    [GenerateSerializer, Alias("test.GovernorSettingsBefore")]
    internal sealed record SettingsBefore(
        [property: Id(0)] int MaxInWindow,
        [property: Id(1)] int WindowMinutes,
        [property: Id(2)] double MaxPercent,
        [property: Id(3)] GovernorApproval Approval,
        [property: Id(4)] int HoldMinutes);

    [GenerateSerializer, Alias("test.GovernorStateBefore")]
    internal sealed class StateBefore
    {
        [Id(0)]
        public ImmutableArray<GovernorPass> Passes { get; set; } = [];
    }
}
