using System.Text;
using System.Text.Json.Nodes;
using MdmOrleans.Core;
using MdmOrleans.Core.Compliance;
using MdmOrleans.Storage.Twins;
using Microsoft.Data.Sqlite;

namespace MdmOrleans.Storage.Sqlite;

/// <summary>A search as conditions on the row.</summary>
internal static class SqliteSearch
{
    private const string Dotted = "dotted";

    /// <param name="parameter">Adds a value and answers with its placeholder.</param>
    public static void Append(StringBuilder sql, DeviceSearch search, SqliteCommand command, Func<object, string> parameter)
    {
        AnyOf("d.lifecycle", search.Lifecycle);
        AnyOf("d.compliance", search.Compliance);
        AnyOf("d.access", search.Access);
        AnyOf("d.platform", search.Platform);
        AnyOf("d.serial", search.Serial);
        AnyOf("d.searched ->> '$.model'", search.Model);
        AnyOf("d.searched ->> '$.owner'", search.Owner);
        if (!search.Label.IsEmpty)
        {
            sql.Append(" AND EXISTS (SELECT 1 FROM json_each(d.labels) l WHERE ").AppendJoin(" OR ", search.Label.Values.Select(Label)).Append(')');
        }

        if (!search.Rule.IsEmpty)
        {
            sql.Append($" AND EXISTS (SELECT 1 FROM json_each(d.searched, '$.failing') f WHERE f.value IN {Texts(search.Rule)})");
        }

        if (!search.App.IsEmpty)
        {
            sql.Append(" AND EXISTS (SELECT 1 FROM device_apps x, json_each(CAST(x.apps AS TEXT)) app")
                .Append($" WHERE x.tenant = d.tenant AND x.device = d.device AND app.value ->> '$.id' IN {Texts(search.App)})");
        }

        if (!search.OsVersion.IsEmpty)
        {
            command.Connection!.CreateCollation(Dotted, (left, right) => DottedVersion.OfPrefix(left).CompareTo(DottedVersion.OfPrefix(right)));
            VersionSearch.Append(
                sql, search.OsVersion, condition => $"d.os_version COLLATE {Dotted} {condition.Operator} {parameter(condition.Version)}");
        }

        void AnyOf(string column, AnyOf values)
        {
            if (!values.IsEmpty)
            {
                sql.Append(" AND ").Append(column).Append(" IN ").Append(Texts(values));
            }
        }

        string Texts(AnyOf values) =>
            $"(SELECT value FROM json_each({parameter(new JsonArray([.. values.Values.Select(value => JsonValue.Create(value))]).ToJsonString())}))";

        string Label(string text) => text.Split('=', 2) is [var name, var value]
            ? $"(l.key = {parameter(name)} AND l.value = {parameter(value)})"
            : $"l.key = {parameter(text)}";
    }
}
