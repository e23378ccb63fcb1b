namespace MdmOrleans.Core;

/// <summary>How much the store of twins has to do.</summary>
public interface IStoreLoad
{
    /// <summary>True while a full batch waits behind the one that is under way: whoever can wait should.</summary>
    bool IsBusy { get; }
}
