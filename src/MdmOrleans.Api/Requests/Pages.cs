using MdmOrleans.Contracts.Http;

namespace MdmOrleans.Api.Requests;

/// <summary>Cuts pages out of lists that are in memory anyway.</summary>
internal static class Pages
{
    /// <summary>At most <paramref name="limit"/> of <paramref name="names"/>, which ascend, behind <paramref name="after"/>.</summary>
    /// <returns>The names of the page, and where the next one starts; null when this is the end.</returns>
    public static (string[] Names, string? Next) Cut(IEnumerable<string> names, string? after, int limit)
    {
        string[] page = [.. names.Where(name => after is null || string.CompareOrdinal(name, after) > 0).Take(limit + 1)];
        return page.Length > limit ? (page[..limit], page[limit - 1]) : (page, null);
    }

    /// <summary>Reads each of a page, some at a time, in order; what is gone meanwhile is left out.</summary>
    public static async Task<Page<T>> ReadAsync<T>(
        (string[] Names, string? Next) page, Func<string, CancellationToken, Task<T?>> read, CancellationToken cancellationToken)
        where T : class
    {
        var items = new T?[page.Names.Length];
        await Parallel.ForAsync(0, items.Length, cancellationToken, async (i, token) => items[i] = await read(page.Names[i], token));
        return new Page<T>([.. items.OfType<T>()], page.Next);
    }
}
