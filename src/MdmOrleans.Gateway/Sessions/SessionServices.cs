using MdmOrleans.Core.Identity;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace MdmOrleans.Gateway.Sessions;

/// <summary>What all connections of this gateway share.</summary>
internal sealed class SessionServices(
    IGrainFactory grains,
    ILocalSiloDetails silo,
    SessionRegistry registry,
    GatewayInstruments instruments,
    IOptions<MqttOptions> options,
    TimeProvider time,
    ILogger<MqttSession> logger)
{
    public IGrainFactory Grains => grains;

    public SiloAddress Gateway => silo.SiloAddress;

    public SessionRegistry Registry => registry;

    public GatewayInstruments Instruments => instruments;

    public Admission Admission { get; } = new(options.Value.CallsInFlight);

    /// <summary>Of the calls above, those that tell of a lost connection: a fleet that loses its network must not crowd out check-ins.</summary>
    public LossGate Losses { get; } = new();

    public FailedConnects FailedConnects { get; } =
        new(options.Value.FailedConnectsPerSecond, options.Value.FailedConnectBurst, time);

    public CallFailures Failures { get; } = new();

    /// <summary>Whether a device token counts where the line is private.</summary>
    public bool AllowTokens => options.Value.AllowTokens;

    public TimeProvider Time => time;

    public ILogger<MqttSession> Logger => logger;

    /// <summary>What this gateway proposes for a new connection: later than any that it holds for the device, whatever the clock says.</summary>
    public SessionEpoch Propose(DeviceId device, long connection) =>
        new SessionEpoch(time.GetUtcNow().UtcTicks, connection).After(registry.NewestOf(device));
}
