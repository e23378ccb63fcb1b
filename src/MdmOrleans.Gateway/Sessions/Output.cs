using System.Buffers;
using System.IO.Pipelines;

namespace MdmOrleans.Gateway.Sessions;

/// <summary>What a connection sends: one writer at a time, and a bounded number of bytes that the client has not taken.</summary>
/// <remarks>
/// While a flush waits for the client, what is written gathers here instead of in the pipe, which not every pipe could bear. Readers and
/// workers wait for <see cref="WhenReadyAsync"/> before they take on more, so little can gather; a client for which it is too much is cut off.
/// </remarks>
internal sealed class Output(PipeWriter pipe, Lock gate, TimeProvider time, Action abort)
{
    /// <summary>An answer of the largest size for each of the two that can be under way, and small change.</summary>
    private const int MaximumWaiting = 160 * 1024;

    private bool _flushing;
    private bool _finished;
    private long _blockedSince;
    private ScratchBuffer? _waiting;
    private TaskCompletionSource? _ready;

    /// <summary>Whether the client takes what it is sent, as far as the buffers between tell.</summary>
    public bool IsReady => !Volatile.Read(ref _flushing);

    /// <summary>Since when the client has taken nothing; zero while it does.</summary>
    public TimeSpan BlockedFor(long now) => IsReady ? TimeSpan.Zero : time.GetElapsedTime(Volatile.Read(ref _blockedSince), now);

    /// <summary>Takes the connection's lock. What is written until the batch is disposed goes out together.</summary>
    public Batch Begin()
    {
        gate.Enter();
        return new Batch(this);
    }

    /// <summary>Nothing is accepted from now on; what was, still goes out.</summary>
    public void Finish()
    {
        lock (gate)
        {
            _finished = true;
        }
    }

    /// <summary>Completes when nothing waits for the client.</summary>
    public Task WhenReadyAsync()
    {
        lock (gate)
        {
            return _flushing
                ? (_ready ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task
                : Task.CompletedTask;
        }
    }

    private void End()
    {
        if (_flushing)
        {
            if (_waiting?.Length > MaximumWaiting)
            {
                abort();
            }

            return;
        }

        var flush = pipe.FlushAsync();
        if (flush.IsCompletedSuccessfully)
        {
            _finished |= flush.Result.IsCompleted;
            return;
        }

        Volatile.Write(ref _blockedSince, time.GetTimestamp());
        Volatile.Write(ref _flushing, true);
        _ = FinishFlushAsync(flush);
    }

    private async Task FinishFlushAsync(ValueTask<FlushResult> flush)
    {
        try
        {
            while (!(await flush).IsCompleted)
            {
                lock (gate)
                {
                    if (_waiting is null or { Length: 0 })
                    {
                        Release();
                        return;
                    }

                    pipe.Write(_waiting.Written);
                    _waiting = null;
                    Volatile.Write(ref _blockedSince, time.GetTimestamp());
                    flush = pipe.FlushAsync();
                }
            }
        }
        catch (Exception e) when (e is IOException or InvalidOperationException or OperationCanceledException or ObjectDisposedException)
        {
            abort(); // the connection is gone, or going: its reader will say so
        }

        lock (gate)
        {
            _finished = true;
            Release();
        }
    }

    private void Release()
    {
        Volatile.Write(ref _flushing, false);
        _ready?.TrySetResult();
        _ready = null;
    }

    /// <summary>Holds the connection's lock; dispose it soon.</summary>
    public readonly ref struct Batch(Output output)
    {
        /// <summary>False when the connection takes nothing more.</summary>
        public bool IsOpen => !output._finished;

        /// <summary>Only while <see cref="IsOpen"/>.</summary>
        public IBufferWriter<byte> Writer => output._flushing ? output._waiting ??= new ScratchBuffer() : output.Pipe;

        public void Dispose()
        {
            try
            {
                output.End();
            }
            finally
            {
                output.Gate.Exit();
            }
        }
    }

    private PipeWriter Pipe => pipe;

    private Lock Gate => gate;
}
