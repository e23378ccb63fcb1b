using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using Orleans.Serialization.Session;

namespace MdmOrleans.Server.Hosting.Cluster;

/// <summary>Sees to it that a client speaks for itself only.</summary>
/// <remarks>
/// Orleans believes the sender that a client writes into its messages, so one that is made for it could call in the name of a grain
/// or of a silo, whom nobody asks for a key. The connection of a client that tries ends.
/// </remarks>
internal sealed partial class ClientConnectionGuard(SerializerSessionPool sessions, ILogger<ClientConnectionGuard> logger)
{
    public async Task RunAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        var original = connection.Transport;
        var guarded = new Pipe();
        connection.Transport = new Duplex(guarded.Reader, original.Output);
        var passing = PassAsync(connection, original.Input, guarded.Writer);
        try
        {
            await next(connection);
        }
        finally
        {
            connection.Transport = original;
            await guarded.Reader.CompleteAsync();
            original.Input.CancelPendingRead();
            await passing;
        }
    }

    private async Task PassAsync(ConnectionContext connection, PipeReader input, PipeWriter output)
    {
        using var session = sessions.GetSession();
        var frames = new ClientFrames(session);
        Exception? failure = null;
        try
        {
            while (true)
            {
                var read = await input.ReadAsync();
                var rest = read.Buffer;
                if (!frames.TryPass(ref rest, output))
                {
                    LogImpostor(connection.RemoteEndPoint);
                    connection.Abort();
                    break;
                }

                var flushed = await output.FlushAsync();
                input.AdvanceTo(rest.Start, read.Buffer.End);
                if (read.IsCompleted || read.IsCanceled || flushed.IsCompleted)
                {
                    break;
                }
            }
        }
        catch (Exception e) when (e is IOException or ConnectionAbortedException or InvalidOperationException or OperationCanceledException)
        {
            failure = e; // the connection is gone; whoever reads it hears why
        }

        await output.CompleteAsync(failure);
    }

    [LoggerMessage(5611, LogLevel.Warning, "The client at {Address} sent what no client sends, or in the name of another; its connection is closed")]
    private partial void LogImpostor(System.Net.EndPoint? address);

    private sealed record Duplex(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
