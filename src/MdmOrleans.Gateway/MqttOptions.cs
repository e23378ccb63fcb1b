using Microsoft.Extensions.Options;

namespace MdmOrleans.Gateway;

/// <summary>Section <c>Mqtt</c>.</summary>
public sealed class MqttOptions
{
    /// <summary>The plain port in Development, where <see cref="Port"/> is null.</summary>
    public const int DefaultDevelopmentPort = 1883;

    /// <summary>Plain MQTT, on loopback only. 0 to 65535; 0 is off. Null: 1883 in Development, else off.</summary>
    public int? Port { get; set; }

    /// <summary>MQTT over TLS, on any address. 0 to 65535; 0 is off; default 8883.</summary>
    public int TlsPort { get; set; } = 8883;

    /// <summary>Connections that may be open at the same time on each port of this section. 1 to 1,000,000; default 100,000.</summary>
    public int MaxConnections { get; set; } = 100_000;

    /// <summary>How many messages one device may send in the long run: PUBLISH, SUBSCRIBE, UNSUBSCRIBE and PINGREQ. 1 to 100,000; default 100.</summary>
    public int MessagesPerSecond { get; set; } = 100;

    /// <summary>How many messages one device may send at once after a pause. 1 to 1,000,000; default 500.</summary>
    public int MessageBurst { get; set; } = 500;

    /// <summary>
    /// Whether a device may prove itself by its token; a client certificate is the other proof. Even then a token counts only on a
    /// connection that nobody else can read. Default true, as long as there are no certificates.
    /// </summary>
    public bool AllowTokens { get; set; } = true;

    /// <summary>How many CONNECTs from one address may fail in the long run; past that every CONNECT from it gets 0x9F. 1 to 100,000; default 20.</summary>
    /// <remarks>Of IPv6 the first 64 bits are the address. Behind a trusted proxy the address that it forwards counts.</remarks>
    public int FailedConnectsPerSecond { get; set; } = 20;

    /// <summary>How many CONNECTs from one address may fail at once after a pause. 1 to 1,000,000; default 200.</summary>
    public int FailedConnectBurst { get; set; } = 200;

    /// <summary>Calls to twins that may wait for their answer at the same time; what comes on top is refused. 1 to 1,000,000; default 20,000.</summary>
    public int CallsInFlight { get; set; } = 20_000;
}

/// <summary>Each message names the key as an operator writes it, and the range.</summary>
internal sealed class MqttOptionsValidator : IValidateOptions<MqttOptions>
{
    public ValidateOptionsResult Validate(string? name, MqttOptions options)
    {
        List<string> failures = [];
        Check("Port", options.Port ?? 0, 0, ushort.MaxValue);
        Check("TlsPort", options.TlsPort, 0, ushort.MaxValue);
        Check("MaxConnections", options.MaxConnections, 1, 1_000_000);
        Check("MessagesPerSecond", options.MessagesPerSecond, 1, 100_000);
        Check("MessageBurst", options.MessageBurst, 1, 1_000_000);
        Check("FailedConnectsPerSecond", options.FailedConnectsPerSecond, 1, 100_000);
        Check("FailedConnectBurst", options.FailedConnectBurst, 1, 1_000_000);
        Check("CallsInFlight", options.CallsInFlight, 1, 1_000_000);
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);

        void Check(string key, int value, int minimum, int maximum)
        {
            if (value < minimum || value > maximum)
            {
                failures.Add($"Mqtt:{key} is {value}; it must be {minimum} to {maximum}.");
            }
        }
    }
}
