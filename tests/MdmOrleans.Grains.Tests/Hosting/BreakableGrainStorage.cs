using System.Collections.Concurrent;
using Orleans.Storage;

namespace MdmOrleans.Grains.Tests.Hosting;

/// <summary>Makes the next write of a state fail, or wait until it is let through, and reads fail for as long as a test wants.</summary>
public sealed class GrainStorageFaults
{
    private readonly ConcurrentDictionary<string, Func<Task>> _next = new();
    private readonly ConcurrentDictionary<(string State, GrainId Grain), Func<Task>> _reads = new();

    /// <summary>The next write of this state throws, and nothing is stored.</summary>
    public void FailNext(string state) => _next[state] = static () => throw new IOException("The disk is full.");

    /// <summary>The next write of this state waits.</summary>
    public HeldWrite HoldNext(string state)
    {
        var held = new HeldWrite();
        _next[state] = held.PassAsync;
        return held;
    }

    /// <summary>Reads of this grain's state throw, until <see cref="Mend"/>.</summary>
    public void FailReads(string state, IAddressable grain, Exception failure) => _reads[(state, grain.GetGrainId())] = () => Task.FromException(failure);

    /// <summary>Reads of this grain's state wait until <paramref name="until"/> completes.</summary>
    public void HoldReads(string state, IAddressable grain, Task until) => _reads[(state, grain.GetGrainId())] = () => until;

    public void Mend(string state, IAddressable grain) => _reads.TryRemove((state, grain.GetGrainId()), out _);

    internal Task PassReadAsync(string state, GrainId grain) => _reads.TryGetValue((state, grain), out var fault) ? fault() : Task.CompletedTask;

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
    public async Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        await faults.PassReadAsync(stateName, grainId);
        await inner.ReadStateAsync(stateName, grainId, grainState);
    }

    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        await faults.PassAsync(stateName);
        await inner.WriteStateAsync(stateName, grainId, grainState);
    }

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        inner.ClearStateAsync(stateName, grainId, grainState);
}
