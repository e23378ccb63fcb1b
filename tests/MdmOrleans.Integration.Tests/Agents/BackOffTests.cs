using MdmOrleans.Agent.Sdk;
using MdmOrleans.Agent.Sdk.Connections;

namespace MdmOrleans.Integration.Tests.Agents;

public sealed class BackOffTests
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(2);

    [Fact]
    public void The_bound_doubles_until_it_is_the_longest()
    {
        var waits = new FullJitter(First, Longest, new AlwaysTheMost());

        Assert.Equal([1, 2, 4, 8, 16, 32, 64, 120, 120], Enumerable.Range(0, 9).Select(_ => Math.Round(waits.Next().TotalSeconds)));
    }

    [Fact]
    public void It_never_grows_out_of_bounds_however_often_it_fails()
    {
        var waits = new FullJitter(First, Longest, new Random(1));

        Assert.All(Enumerable.Range(0, 5000).Select(_ => waits.Next()), w => Assert.InRange(w, TimeSpan.Zero, Longest));
    }

    [Fact]
    public void A_success_begins_anew()
    {
        var waits = new FullJitter(First, Longest, new AlwaysTheMost());
        waits.Next();
        waits.Next();

        waits.Reset();

        Assert.Equal(1, Math.Round(waits.Next().TotalSeconds));
    }

    [Theory]
    [InlineData(0x86, DeviceClientEndKind.Refused)]
    [InlineData(0x87, DeviceClientEndKind.Refused)]
    [InlineData(0x8A, DeviceClientEndKind.Refused)]
    [InlineData(0x98, DeviceClientEndKind.Refused)]
    [InlineData(0x8E, DeviceClientEndKind.TakenOver)]
    [InlineData(0x88, null)]
    [InlineData(0x89, null)]
    [InlineData(0x8B, null)]
    [InlineData(0x8D, null)]
    [InlineData(0x96, null)]
    [InlineData(0x9C, null)]
    [InlineData(0x9F, null)]
    public void A_reason_code_ends_the_client_or_makes_it_wait(int code, DeviceClientEndKind? end)
    {
        Assert.Equal(end, ReasonCodes.EndOf(code, null)?.Kind);
    }

    private sealed class AlwaysTheMost : Random
    {
        public override double NextDouble() => 0.999999;
    }
}
