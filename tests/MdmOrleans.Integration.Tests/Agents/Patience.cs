namespace MdmOrleans.Integration.Tests.Agents;

/// <summary>Nothing here takes long; what does will never come, and is to fail with the line that waited for it.</summary>
internal static class Patience
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    public static Task<T> Soon<T>(this Task<T> task) => task.WaitAsync(Longest, TestContext.Current.CancellationToken);

    public static Task<T> Soon<T>(this ValueTask<T> task) => task.AsTask().Soon();

    public static Task Soon(this Task task) => task.WaitAsync(Longest, TestContext.Current.CancellationToken);
}
