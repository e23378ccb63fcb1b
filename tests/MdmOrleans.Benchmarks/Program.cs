using System.Runtime.Versioning;
using MdmOrleans.Benchmarks;
using MdmOrleans.Benchmarks.Load;

// epoll, /proc, and the signals that stop a database.
[assembly: SupportedOSPlatform("linux")]

return await Verb.RunAsync(args,
[
    new("load", "the load generator alone, against any MQTT endpoint", LoadVerb.Usage, LoadVerb.RunAsync),
]);
