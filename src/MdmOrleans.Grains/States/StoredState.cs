using System.Diagnostics;

namespace MdmOrleans.Grains.States;

/// <summary>The state of a grain that changes seldom: what is read here is what is stored.</summary>
/// <remarks>
/// Written first, believed afterwards. Calls that interleave with a write see the state before it, and a write that fails
/// leaves it in place and ends the activation: whether the failed write reached the database is not known, and the next
/// activation reads what did.
/// </remarks>
/// <typeparam name="T">Immutable. Its default constructor makes the state of a grain of which nothing is stored.</typeparam>
internal sealed class StoredState<T>(IPersistentState<T> storage, IGrainContext context)
    where T : class, new()
{
    private T? _before;

    /// <summary>The last state that is known to be stored.</summary>
    public T Value => _before ?? storage.State;

    /// <summary>Stores <paramref name="next"/>; <see cref="Value"/> changes when this completes. Not cancelable, because a half-done write cannot be taken back.</summary>
    /// <exception cref="UnreachableException">Another write is under way: the grain lets its writers interleave.</exception>
    public Task WriteAsync(T next) => ChangeAsync(() =>
    {
        storage.State = next;
        return storage.WriteStateAsync(CancellationToken.None);
    });

    /// <summary>Removes what is stored; <see cref="Value"/> is the initial state when this completes.</summary>
    public Task ClearAsync() => ChangeAsync(() => storage.ClearStateAsync(CancellationToken.None));

    private async Task ChangeAsync(Func<Task> change)
    {
        if (_before is not null)
        {
            throw new UnreachableException("Two writes of one grain's state are under way.");
        }

        _before = storage.State;
        try
        {
            await change();
        }
        catch (Exception e)
        {
            storage.State = _before;
            context.Deactivate(new DeactivationReason(DeactivationReasonCode.ApplicationError, e, "A write of the grain's state failed."));
            throw;
        }
        finally
        {
            _before = null;
        }
    }
}
