using System.Runtime.Versioning;
using MdmOrleans.Benchmarks;
using MdmOrleans.Benchmarks.CheckIns;
using MdmOrleans.Benchmarks.Codec;
using MdmOrleans.Benchmarks.Commands;
using MdmOrleans.Benchmarks.Deadlines;
using MdmOrleans.Benchmarks.Hosts;
using MdmOrleans.Benchmarks.Load;
using MdmOrleans.Benchmarks.Rules;
using MdmOrleans.Benchmarks.Starts;
using MdmOrleans.Benchmarks.Storage;

// epoll, /proc, and the signals that stop a database.
[assembly: SupportedOSPlatform("linux")]

return await Verb.RunAsync(args,
[
    new("checkins", "check-ins from end to end, beside three baselines", CheckInsVerb.Usage, CheckInsVerb.RunAsync),
    new("codec", "packets and payloads alone", CodecVerb.Usage, CodecVerb.RunAsync),
    new("command-load", null, CommandLoadVerb.Usage, CommandLoadVerb.RunAsync),
    new("commands", "commands from the request to the device and back; many queued; many wipes", CommandsVerb.Usage, CommandsVerb.RunAsync),
    new("cold-start", "the first seconds of a server that a fleet reconnects to", ColdStartVerb.Usage, ColdStartVerb.RunAsync),
    new("deadlines", "a fleet that falls due: rate, lateness, price, and a killed server", DeadlinesVerb.Usage, DeadlinesVerb.RunAsync),
    new("host-adonet", null, StockHost.Usage, StockHost.RunAsync),
    new("host-echo", null, EchoHost.Usage, EchoHost.RunAsync),
    new("load", "the load generator alone, against any MQTT endpoint", LoadVerb.Usage, LoadVerb.RunAsync),
    new("rules", "the compliance rules alone", RulesVerb.Usage, RulesVerb.RunAsync),
    new("storage", "the stores alone, on both databases", StorageVerb.Usage, StorageVerb.RunAsync),
]);
