using System.Collections.Concurrent;
using Orleans.Storage;

namespace MdmOrleans.Grains.Tests.Hosting;

/// <summary>Makes the next write of a state fail, or wait until it is let through.</summary>
public sealed class GrainStorageFaults
{
    private readonly ConcurrentDictionary<string, Func<Task>> _next = new();

    /// <summary>The next write of this state throws, and nothing is stored.</summary>
    public void FailNext(string state) => _next[state] = static () => throw new IOException("The disk is full.");

    /// <summary>The next write of this state waits.</summary>
    public HeldWrite HoldNext(string state)
    {
        var held = new HeldWrite();
        _next[state] = held.PassAsync;
        return held;
    }

    internal Task PassAsync(string state) => _next.TryRemove(state, out var fault) ? fault() : Task.CompletedTask;
}

/// <summary>A write that waits to be let through.</summary>
public sealed class HeldWrite
{
    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when the write is under way.</summary>
    public Task Reached => _reached.Task;

    public void Release() => _outcome.SetResult();

    public void Fail() => _outcome.SetException(new IOException("The disk is full."));

    internal Task PassAsync()
    {
        _reached.SetResult();
        return _outcome.Task;
    }
}

/// <summary>The real storage behind <see cref="GrainStorageFaults"/>.</summary>
internal sealed class BreakableGrainStorage(IGrainStorage inner, GrainStorageFaults faults) : IGrainStorage
{
    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        inner.ReadStateAsync(stateName, grainId, grainState);

    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        await faults.PassAsync(stateName);
        await inner.WriteStateAsync(stateName, grainId, grainState);
    }

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        inner.ClearStateAsync(stateName, grainId, grainState);
}
