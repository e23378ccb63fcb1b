using System.Net;

namespace MdmOrleans.Benchmarks.Load;

internal enum LoadMode
{
    /// <summary>Each device checks in again as soon as it has its answer.</summary>
    Closed,

    /// <summary>Check-ins start at a fixed rate, whether or not the server keeps up; latency counts from when each was due.</summary>
    Open,

    /// <summary>Each device connects, disconnects and goes to the end of the line.</summary>
    Connect,

    /// <summary>Each device connects, checks in once and disconnects; the run ends with the last.</summary>
    Once,

    /// <summary>Each device connects and is silent.</summary>
    Idle,

    /// <summary>All devices connect at once, and each checks in as soon as it may, again and again; counted from the first connect on.</summary>
    Storm,
}

internal sealed record LoadOptions
{
    public required IPEndPoint Target { get; init; }

    public required string Credentials { get; init; }

    public required LoadMode Mode { get; init; }

    /// <summary>At most; the file may hold fewer.</summary>
    public required int Connections { get; init; }

    /// <summary>Check-ins a second of all devices together, in an open loop.</summary>
    public required int Rate { get; init; }

    public required TimeSpan Warmup { get; init; }

    /// <summary>How much is to be done, too, before it counts: a server that was just started compiles what it is asked for most.</summary>
    public required int WarmupCount { get; init; }

    /// <summary>Null: until it is told to stop.</summary>
    public required TimeSpan? Duration { get; init; }

    public required bool Changing { get; init; }

    public required int Apps { get; init; }

    /// <summary>5, or 4 for MQTT 3.1.1.</summary>
    public required byte Protocol { get; init; }

    /// <summary>False for a broker, which acknowledges and answers nothing.</summary>
    public required bool ExpectsAnswer { get; init; }

    /// <summary>Where every acknowledged check-in is written to; null: nowhere.</summary>
    public required string? Journal { get; init; }

    /// <summary>How many devices connect at a time; in the modes that connect once per check-in, how many are connected.</summary>
    public required int Opening { get; init; }

    public required int Threads { get; init; }

    public static LoadOptions Parse(Arguments arguments)
    {
        var options = new LoadOptions
        {
            Target = IPEndPoint.TryParse(arguments.Text("target") ?? "127.0.0.1:1883", out var target)
                ? target
                : throw new BadArgumentException("--target is an IPv4 address and a port."),
            Credentials = arguments.Required("credentials"),
            Mode = arguments.OneOf("mode", "closed", "closed", "open", "connect", "once", "idle", "storm") switch
            {
                "open" => LoadMode.Open,
                "connect" => LoadMode.Connect,
                "once" => LoadMode.Once,
                "idle" => LoadMode.Idle,
                "storm" => LoadMode.Storm,
                _ => LoadMode.Closed,
            },
            Connections = arguments.Integer("connections", int.MaxValue, 1, int.MaxValue),
            Rate = arguments.Integer("rate", 1000, 1, 10_000_000),
            Warmup = TimeSpan.FromSeconds(arguments.Integer("warmup", 5, 0, 3600)),
            WarmupCount = arguments.Integer("warmup-count", 0, 0, int.MaxValue),
            Duration = arguments.Integer("seconds", 30, 0, 86_400) is var seconds and > 0 ? TimeSpan.FromSeconds(seconds) : null,
            Changing = arguments.OneOf("payload", "changing", "changing", "unchanged") == "changing",
            Apps = arguments.Integer("apps", 1, 1, 500),
            Protocol = (byte)arguments.Integer("protocol", 5, 4, 5),
            ExpectsAnswer = arguments.OneOf("expect", "answer", "answer", "puback") == "answer",
            Journal = arguments.Text("journal"),
            Opening = arguments.Integer("opening", 64, 1, 100_000),
            Threads = arguments.Integer("threads", 1, 1, 64),
        };
        arguments.RefuseRest();
        return options;
    }
}
