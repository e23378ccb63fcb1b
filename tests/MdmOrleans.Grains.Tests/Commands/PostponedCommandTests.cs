using System.Net;
using MdmOrleans.Abstractions.Commands;
using MdmOrleans.Abstractions.Sessions;
using MdmOrleans.Core;
using MdmOrleans.Core.Commands;
using MdmOrleans.Core.Identity;
using MdmOrleans.Grains.Sessions;
using MdmOrleans.Grains.Tests.Deadlines;
using MdmOrleans.Grains.Tests.Hosting;
using MdmOrleans.Integration.Tests.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace MdmOrleans.Grains.Tests.Commands;

/// <summary>A device that asks for time, through the real grains, the real deadlines and a real database.</summary>
public sealed class PostponedCommandTests(SqliteDatabase database) : IClassFixture<SqliteDatabase>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_postponed_command_comes_back_by_itself_each_time_after_twice_as_long_and_holds_up_nothing()
    {
        var gateways = new RecordingGateways();
        await using var world = await World.StartAsync(database, services => services.AddSingleton<IGatewayClient>(gateways));
        await world.PutTenantAsync("postponed", null);
        var device = await world.CreateDeviceAsync("postponed/device");
        var session = new SessionEpoch(1, 1);
        await world.Grains.GetGrain<IDeviceSessions>(device.ToString()).ConnectAsync(
            new ConnectRequest(SecretHash.Of(device.ToString()), session, SiloAddress.New(IPAddress.Loopback, 1, 1)), Cancellation);
        var commands = world.Grains.GetGrain<IDeviceCommands>(device.ToString());

        var busy = await QueueAsync(commands);
        await PostponeAsync(commands, busy, session);
        var other = await QueueAsync(commands);
        Assert.Equal([busy, other], gateways.Pushed.Select(push => push.Command));

        for (var minutes = 1; minutes <= 8; minutes *= 2)
        {
            gateways.Pushed.Clear();
            await world.PassAsync(TimeSpan.FromMinutes(minutes) - TimeSpan.FromSeconds(1));
            Assert.Empty(gateways.Pushed);
            await world.PassAsync(TimeSpan.FromSeconds(1));
            Assert.Equal((device, session, busy), Assert.Single(gateways.Pushed));
            await PostponeAsync(commands, busy, session);
        }
    }

    private static async Task<Guid> QueueAsync(IDeviceCommands commands)
    {
        var request = new CommandRequest { Kind = CommandKind.Message, Parameters = Utf8Block.FromText("{}"), Actor = "test" };
        return (await commands.EnqueueAsync(request, Cancellation)).Value!.Command.Id; // there is room
    }

    private static async Task PostponeAsync(IDeviceCommands commands, Guid id, SessionEpoch session)
    {
        Assert.Null(await commands.MarkSentAsync([id], session, Cancellation));
        Assert.Null(await commands.ReportAsync(
            new CommandReport { Id = id, Status = CommandStatus.NotNow, Session = session, Epoch = 1 }, Cancellation));
    }
}
