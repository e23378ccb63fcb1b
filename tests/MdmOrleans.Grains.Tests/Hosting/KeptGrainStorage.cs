using System.Collections.Concurrent;
using Orleans.Serialization;
using Orleans.Storage;

namespace MdmOrleans.Grains.Tests.Hosting;

/// <summary>What tenants and policies keep, over the end of a silo.</summary>
internal sealed class KeptGrainStorage(ConcurrentDictionary<(string Name, GrainId Grain), byte[]> kept, Serializer serializer) : IGrainStorage
{
    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        if (kept.TryGetValue((stateName, grainId), out var bytes))
        {
            (grainState.State, grainState.RecordExists) = (serializer.Deserialize<T>(bytes), true);
        }
        else
        {
            (grainState.State, grainState.RecordExists) = (Activator.CreateInstance<T>(), false);
        }

        return Task.CompletedTask;
    }

    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        kept[(stateName, grainId)] = serializer.SerializeToArray(grainState.State);
        grainState.RecordExists = true;
        return Task.CompletedTask;
    }

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        kept.TryRemove((stateName, grainId), out _);
        grainState.RecordExists = false;
        return Task.CompletedTask;
    }
}
