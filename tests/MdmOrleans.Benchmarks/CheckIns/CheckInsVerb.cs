namespace MdmOrleans.Benchmarks.CheckIns;

/// <summary>Check-ins from end to end, each part in a process of its own.</summary>
internal static class CheckInsVerb
{
    public const string Usage = """
        checkins

        Starts PostgreSQL, the server and a load generator as processes of their own, makes a fleet through the HTTP API, and prints for
        each scenario: acknowledged check-ins a second, their latencies, and the CPU for one of them in the server, the database and
        the generator. The rate depends on what else the machine does; CPU for one and the ratios within a run depend on it much less.

          changing     each check-in changes the twin and makes an event; acknowledged after commit
          unchanged    nothing changes but seq
          half-rate    changing, open loop at half the rate that 'changing' reached: latency without coordinated omission
          connect      known devices connect and leave, one after the other
          adonet       baseline: changing, the same grains on the stock ADO.NET grain storage, twin and event each a state of it
          adonet-twin  the same, but without a history: only the twin is stored
          echo         baseline: the endpoint answers by itself, without grains
          mosquitto    baseline: a broker takes the same publishes and acknowledges
          sqlite       changing, on SQLite
          idle-memory  memory of a connection that is silent
          twin-memory  memory of a twin with 40 apps

          --scenario LIST     some of them, with commas between (all)
          --database NAME     postgres or sqlite, for all but the baselines (postgres)
          --connections N     devices, one check-in in flight each (2000)
          --seconds N         that count, for each scenario (30)
          --warmup N          seconds before, at least; up to ten times that, until each device has checked in 50 times (5)
          --rate N            check-ins a second of half-rate
          --protocol N        5, or 4 for MQTT 3.1.1 (5)
          --twins N           twins that memory is measured over (20000)

        Needs Linux, PostgreSQL and mosquitto of Debian (apt-get install postgresql mosquitto), a build with -c Release, and nothing
        else running. As root, PostgreSQL runs as the account postgres. All data is below the directory for temporary files, and
        removed at the end. Progress goes to standard error.
        """;

    public static async Task<int> RunAsync(Arguments arguments, CancellationToken stopping)
    {
        var options = CheckInsOptions.Parse(arguments);
        var results = new Results();
        await using var stage = new Stage();
        var throughput = new ThroughputScenarios(options, stage, results);
        try
        {
            if (options.Wants(CheckInsOptions.Changing, CheckInsOptions.Unchanged, CheckInsOptions.HalfRate, CheckInsOptions.Connect))
            {
                await throughput.RunAsync(stopping);
            }

            foreach (var (scenario, run) in new (string, Func<CancellationToken, Task>)[]
            {
                (CheckInsOptions.StockStorage, stopping => throughput.RunStockStorageAsync(CheckInsOptions.StockStorage, "yes", stopping)),
                (CheckInsOptions.StockTwin, stopping => throughput.RunStockStorageAsync(CheckInsOptions.StockTwin, "no", stopping)),
                (CheckInsOptions.Echo, throughput.RunEchoAsync),
                (CheckInsOptions.Mosquitto, throughput.RunMosquittoAsync),
                (CheckInsOptions.Sqlite, throughput.RunSqliteAsync),
            })
            {
                if (options.Wants(scenario))
                {
                    Results.Progress($"{scenario} ...");
                    await run(stopping);
                }
            }

            if (options.Wants(CheckInsOptions.IdleMemory, CheckInsOptions.TwinMemory))
            {
                Results.Progress("memory ...");
                await new MemoryScenarios(options, stage, results).RunAsync(stopping);
            }
        }
        catch (BenchmarkException e)
        {
            await Console.Error.WriteLineAsync(e.Message);
            results.Print();
            return 1;
        }

        results.Print();
        return 0;
    }
}
