namespace MdmOrleans.Core.Identity;

/// <summary>A request that says who makes it.</summary>
public interface IActed
{
    /// <summary>The same request, made by <paramref name="actor"/> and by nobody else's leave: whatever a client says of itself does not count.</summary>
    object ActedBy(string actor);
}
