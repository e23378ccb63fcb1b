using System.Text;
using MdmOrleans.Core;
using MdmOrleans.Core.Compliance;

namespace MdmOrleans.Storage.Twins;

/// <summary>A search by version: one of those without an operator must hold, and each of those with one.</summary>
internal static class VersionSearch
{
    /// <param name="toSentence">How the database compares the version of a device with one condition.</param>
    public static void Append(StringBuilder sql, AnyOf versions, Func<VersionCondition, string> toSentence)
    {
        var plain = new List<string>();
        foreach (var text in versions.Values)
        {
            _ = VersionCondition.TryParse(text, out var condition); // a search is valid
            var sentence = toSentence(condition);
            if (condition.IsPlain)
            {
                plain.Add(sentence);
            }
            else
            {
                sql.Append(" AND ").Append(sentence);
            }
        }

        if (plain.Count > 0)
        {
            sql.Append(" AND (").AppendJoin(" OR ", plain).Append(')');
        }
    }
}
