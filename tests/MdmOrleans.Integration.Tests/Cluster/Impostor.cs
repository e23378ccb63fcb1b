using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;

namespace MdmOrleans.Integration.Tests.Cluster;

/// <summary>Changes what an honest client sends: behind the greeting, the sender of every message is a device's grain.</summary>
internal sealed class Impostor
{
    private volatile bool _isWorn;

    /// <summary>False: it passes on what was said.</summary>
    public bool IsWorn { get => _isWorn; set => _isWorn = value; }

    public async Task RunAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        var original = connection.Transport;
        var said = new Pipe();
        connection.Transport = new Duplex(original.Input, said.Writer);
        var passing = PassAsync(said.Reader, original.Output);
        await next(connection);
        connection.Transport = original;
        await said.Writer.CompleteAsync();
        await passing;
    }

    private async Task PassAsync(PipeReader said, PipeWriter output)
    {
        var isGreeting = true;
        while (true)
        {
            var read = await said.ReadAsync();
            var bytes = read.Buffer.ToArray();
            for (int at; _isWorn && !isGreeting && (at = bytes.AsSpan().IndexOf("sys.client"u8)) >= 0;)
            {
                "mdm.device"u8.CopyTo(bytes.AsSpan(at));
            }

            isGreeting = isGreeting && bytes.Length == 0;
            said.AdvanceTo(read.Buffer.End);
            await output.WriteAsync(bytes);
            if (read.IsCompleted)
            {
                return;
            }
        }
    }

    private sealed record Duplex(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
