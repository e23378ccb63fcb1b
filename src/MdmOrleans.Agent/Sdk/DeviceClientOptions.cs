using System.Security.Cryptography.X509Certificates;

namespace MdmOrleans.Agent.Sdk;

/// <summary>Who the device is, where its twin listens, and how patient it is.</summary>
/// <remarks>A class and not a record: a record would print the token.</remarks>
public sealed class DeviceClientOptions
{
    /// <summary>
    /// <c>mqtt://host:1883</c>, <c>mqtts://host:8883</c>, <c>ws://host:8080/mqtt</c> or <c>wss://host/mqtt</c>; a missing port is the usual one.
    /// </summary>
    public required Uri Endpoint { get; init; }

    /// <summary>True when the token crosses a network without TLS.</summary>
    internal bool ShowsToken => IsClear(Endpoint);

    public required string Tenant { get; init; }

    public required string Device { get; init; }

    /// <summary>The device token. Goes out as the MQTT password and nowhere else.</summary>
    public required string Token { get; init; }

    /// <summary>Speak MQTT 3.1.1 instead of 5. Reasons of refusals are then mostly unknown.</summary>
    public bool UseMqtt311 { get; init; }

    /// <summary>Trusted instead of the system's roots; the server's own certificate will do. Null: the system's roots.</summary>
    public X509Certificate2Collection? TrustedRoots { get; init; }

    /// <summary>Subscribe to <c>dn/#</c> after connecting. The runtime does that by itself; a broker in between does not.</summary>
    public bool SubscribeOnConnect { get; init; }

    /// <summary>More than 0, up to 18 hours; the server may shorten it.</summary>
    public TimeSpan KeepAlive { get; init; } = TimeSpan.FromMinutes(4);

    /// <summary>Longest time from opening the connection to its acceptance.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Longest wait for a PUBACK, and after it for the verdict. A server keeps its promise within 10 s.</summary>
    public TimeSpan AnswerTimeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Upper bound of the first wait after a failure; doubles with every further one.</summary>
    public TimeSpan FirstBackOff { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>No wait after a failure is longer.</summary>
    public TimeSpan LongestBackOff { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Until the next check-in, where the server has not said when.</summary>
    public TimeSpan CheckInInterval { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>
    /// File that remembers which commands were run, so that none runs twice across a restart of the agent. Its directory exists.
    /// Null: memory only, which is for simulated devices.
    /// </summary>
    public string? JournalPath { get; init; }

    /// <summary>Hears what happens to the device. Default: nobody.</summary>
    public IDeviceObserver Observer { get; init; } = IDeviceObserver.Nobody;

    internal static bool IsClear(Uri endpoint) => endpoint.Scheme is "mqtt" or "ws" or "http" && !endpoint.IsLoopback;
}
