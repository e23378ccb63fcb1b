using System.Text.Encodings.Web;
using System.Text.Json;
using MdmOrleans.Agent.Linux.Posture;
using MdmOrleans.Contracts;
using MdmOrleans.Contracts.CheckIns;

namespace MdmOrleans.Agent.Verbs;

/// <summary><c>posture</c>: what this machine would report, for people.</summary>
internal static class PostureVerb
{
    private static readonly JsonSerializerOptions Readable = new(ContractsJson.Default.Options)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, // for a terminal, not for a web page
    };

    public static async Task<int> RunAsync(TextWriter output, CancellationToken stop)
    {
        var posture = await new LinuxPosture(new SystemRoot("/")).ReadAsync(stop);
        await output.WriteLineAsync(JsonSerializer.Serialize(posture, Readable.GetTypeInfo(typeof(CheckInMessage))));
        return 0;
    }
}
