namespace MdmOrleans.Benchmarks.Hosts;

/// <summary>Gives an <see cref="EchoDevice"/> to whoever asks for a device, and nothing to anybody else.</summary>
internal sealed class EchoGrains(TimeProvider time) : IGrainFactory
{
    public TGrainInterface GetGrain<TGrainInterface>(string primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithStringKey => (TGrainInterface)(object)new EchoDevice(time);

    public TGrainInterface GetGrain<TGrainInterface>(Guid primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithGuidKey => throw None();

    public TGrainInterface GetGrain<TGrainInterface>(long primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithIntegerKey => throw None();

    public TGrainInterface GetGrain<TGrainInterface>(Guid primaryKey, string keyExtension, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithGuidCompoundKey => throw None();

    public TGrainInterface GetGrain<TGrainInterface>(long primaryKey, string keyExtension, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithIntegerCompoundKey => throw None();

    public TGrainObserverInterface CreateObjectReference<TGrainObserverInterface>(IGrainObserver obj)
        where TGrainObserverInterface : IGrainObserver => throw None();

    public void DeleteObjectReference<TGrainObserverInterface>(IGrainObserver obj)
        where TGrainObserverInterface : IGrainObserver => throw None();

    public IGrain GetGrain(Type grainInterfaceType, Guid grainPrimaryKey) => throw None();

    public IGrain GetGrain(Type grainInterfaceType, long grainPrimaryKey) => throw None();

    public IGrain GetGrain(Type grainInterfaceType, string grainPrimaryKey) => throw None();

    public IGrain GetGrain(Type grainInterfaceType, Guid grainPrimaryKey, string keyExtension) => throw None();

    public IGrain GetGrain(Type grainInterfaceType, long grainPrimaryKey, string keyExtension) => throw None();

    public TGrainInterface GetGrain<TGrainInterface>(GrainId grainId)
        where TGrainInterface : IAddressable => throw None();

    public IAddressable GetGrain(GrainId grainId) => throw None();

    public IAddressable GetGrain(GrainId grainId, GrainInterfaceType interfaceType) => throw None();

    public IAddressable GetGrain(Type interfaceType, IdSpan grainKey, string grainClassNamePrefix) => throw None();

    public IAddressable GetGrain(Type interfaceType, IdSpan grainKey) => throw None();

    private static NotSupportedException None() => new("There are no grains in this process.");
}
