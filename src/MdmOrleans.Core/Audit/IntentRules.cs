using System.Text.Json;

namespace MdmOrleans.Core.Audit;

/// <summary>What came of an announced change of which nothing was heard any more.</summary>
public static class IntentRules
{
    /// <summary>Longer than any call that announces a change can still be under way.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <param name="current">As it is now, written as the announcement's documents are; absent where there is nothing.</param>
    /// <returns>One of <see cref="AuditResults"/>.</returns>
    public static string Resolve(AuditEntry announced, Utf8Block current) =>
        IsSame(announced.After, current) ? AuditResults.Done
        : IsSame(announced.Before, current) ? AuditResults.NotDone
        : AuditResults.Unknown;

    private static bool IsSame(Utf8Block announced, Utf8Block current)
    {
        if (announced.IsAbsent || current.IsAbsent)
        {
            return announced.IsAbsent && current.IsAbsent;
        }

        using var left = JsonDocument.Parse(announced.Memory);
        using var right = JsonDocument.Parse(current.Memory);
        return JsonElement.DeepEquals(left.RootElement, right.RootElement);
    }
}
