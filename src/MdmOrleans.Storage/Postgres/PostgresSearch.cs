using System.Text;
using System.Text.Json.Nodes;
using MdmOrleans.Core;
using MdmOrleans.Storage.Twins;
using NpgsqlTypes;

namespace MdmOrleans.Storage.Postgres;

/// <summary>A search as conditions on the row.</summary>
internal static class PostgresSearch
{
    // Arrays compare number by number, and a shorter one comes first; so the zeros at the end must go: 16.5.0 is 16.5.
    private const string Version = """string_to_array(regexp_replace(d.os_version, '(\.0+)+$', ''), '.')::bigint[]""";

    /// <param name="parameter">Adds a value and answers with its placeholder.</param>
    public static void Append(StringBuilder sql, DeviceSearch search, Func<object, NpgsqlDbType, string> parameter)
    {
        AnyOf("d.lifecycle", search.Lifecycle);
        AnyOf("d.compliance", search.Compliance);
        AnyOf("d.access", search.Access);
        AnyOf("d.platform", search.Platform);
        AnyOf("d.serial", search.Serial);
        AnyOf("d.searched ->> 'model'", search.Model);
        AnyOf("d.searched ->> 'owner'", search.Owner);
        if (!search.Label.IsEmpty)
        {
            sql.Append(" AND d.labels <> '{}' AND (").AppendJoin(" OR ", search.Label.Values.Select(Label)).Append(')');
        }

        if (!search.Rule.IsEmpty)
        {
            sql.Append(" AND d.searched -> 'failing' ?| ").Append(Texts(search.Rule));
        }

        if (!search.App.IsEmpty)
        {
            var apps = search.App.Values.Select(id => new JsonArray(new JsonObject { ["id"] = id }).ToJsonString()).ToArray();
            sql.Append(" AND convert_from(d.apps, 'UTF8')::jsonb @> ANY (").Append(parameter(apps, NpgsqlDbType.Array | NpgsqlDbType.Jsonb)).Append(')');
        }

        VersionSearch.Append(
            sql, search.OsVersion, condition => $"{Version} {condition.Operator} {parameter(condition.Components(), NpgsqlDbType.Array | NpgsqlDbType.Bigint)}");

        void AnyOf(string column, AnyOf values)
        {
            if (!values.IsEmpty)
            {
                sql.Append(" AND ").Append(column).Append(" = ANY (").Append(Texts(values)).Append(')');
            }
        }

        string Texts(AnyOf values) => parameter(values.Values.Select(value => Searchable.Text(value)!).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Text);

        string Label(string text) => text.Split('=', 2) is [var name, var value]
            ? $"d.labels @> {parameter(new JsonObject { [name] = value }.ToJsonString(), NpgsqlDbType.Jsonb)}"
            : $"d.labels ? {parameter(text, NpgsqlDbType.Text)}";
    }
}
