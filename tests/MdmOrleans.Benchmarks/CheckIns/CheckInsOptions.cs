using System.Collections.Immutable;

namespace MdmOrleans.Benchmarks.CheckIns;

internal sealed record CheckInsOptions
{
    public const string Changing = "changing";
    public const string Unchanged = "unchanged";
    public const string HalfRate = "half-rate";
    public const string Connect = "connect";
    public const string Sqlite = "sqlite";
    public const string Echo = "echo";
    public const string StockStorage = "adonet";
    public const string StockTwin = "adonet-twin";
    public const string Mosquitto = "mosquitto";
    public const string IdleMemory = "idle-memory";
    public const string TwinMemory = "twin-memory";

    /// <summary>In the order in which they run.</summary>
    public static ImmutableArray<string> All { get; } =
        [Changing, Unchanged, HalfRate, Connect, StockStorage, StockTwin, Echo, Mosquitto, Sqlite, IdleMemory, TwinMemory];

    public required int Connections { get; init; }

    public required int Seconds { get; init; }

    public required int Warmup { get; init; }

    public required bool OnPostgres { get; init; }

    public required ImmutableArray<string> Scenarios { get; init; }

    /// <summary>Of the half-rate run; null: half of what the changing run reached.</summary>
    public required int? Rate { get; init; }

    public required int Protocol { get; init; }

    /// <summary>How many twins the memory of one is taken from.</summary>
    public required int Twins { get; init; }

    public bool Wants(params ReadOnlySpan<string> scenarios)
    {
        foreach (var scenario in scenarios)
        {
            if (Scenarios.Contains(scenario))
            {
                return true;
            }
        }

        return false;
    }

    public static CheckInsOptions Parse(Arguments arguments)
    {
        var scenarios = (arguments.Text("scenario") ?? "all").Split(',');
        var options = new CheckInsOptions
        {
            Connections = arguments.Integer("connections", 2000, 1, 20_000),
            Seconds = arguments.Integer("seconds", 30, 1, 3600),
            Warmup = arguments.Integer("warmup", 5, 0, 600),
            OnPostgres = arguments.OneOf("database", "postgres", "postgres", Sqlite) == "postgres",
            Scenarios = scenarios is ["all"] ? All : [.. scenarios],
            Rate = arguments.Integer("rate", 0, 0, 1_000_000) is var rate and > 0 ? rate : null,
            Protocol = arguments.Integer("protocol", 5, 4, 5),
            Twins = arguments.Integer("twins", 20_000, 100, 1_000_000),
        };
        arguments.RefuseRest();
        return options.Scenarios.Except(All).FirstOrDefault() is { } unknown
            ? throw new BadArgumentException($"There is no scenario {unknown}: all, or some of {string.Join(',', All)}.")
            : options;
    }
}
