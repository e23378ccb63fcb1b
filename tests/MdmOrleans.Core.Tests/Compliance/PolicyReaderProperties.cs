using System.Text;
using System.Text.Json.Nodes;
using CsCheck;
using MdmOrleans.Core.Compliance;

namespace MdmOrleans.Core.Tests.Compliance;

public sealed class PolicyReaderProperties
{
    private static readonly Gen<string> Junk = Gen.OneOf(
        "null", "true", "-1", "1e300", "\"\"", "\"wipe\"", "\"1.2\"", "[]", "[null]", "{}", "{ \"x/y~z\": { \"id\": 1 } }", "\"{{x}}\"", "[[[[[[[[[[[[1]]]]]]]]]]]]");

    private static readonly Gen<string> Texts = Gen.OneOf(Generate.PolicyJson, Gen.Const(PolicyReaderTests.Example));

    [Fact]
    public void Bytes_that_are_changed_cut_or_doubled_are_read_or_refused_and_never_thrown_over() =>
        Gen.Select(Texts, Gen.Select(Gen.Double.Unit, Gen.Int[0, 20], Gen.Byte.Array[0, 4], Gen.Bool).Array[1, 3]).Sample((text, cuts) =>
        {
            var bytes = Encoding.UTF8.GetBytes(text);
            foreach (var (place, length, junk, doubles) in cuts)
            {
                var start = (int)(place * bytes.Length);
                var end = Math.Min(start + length, bytes.Length);
                bytes = [.. bytes[..end], .. junk, .. bytes[(doubles ? start : end)..]];
            }

            var outcome = PolicyReader.Read(bytes, new PolicyVersion("p", 1), Given.Now);

            Assert.True(outcome.Value is null != outcome.Problem is null);
            Assert.True(outcome.Problem is null || !outcome.Problem.Errors.IsEmpty);
        }, iter: 5000);

    [Fact]
    public void Every_error_names_a_place_that_exists_or_the_member_that_is_missing() =>
        Gen.Select(Texts, Gen.Select(Gen.Double.Unit, Gen.Int[0, 2], Junk).Array[1, 4]).Sample((text, changes) =>
        {
            var root = JsonNode.Parse(text)!; // an object
            foreach (var (place, kind, junk) in changes)
            {
                Change(root, place, kind, junk);
            }

            var outcome = Given.Reading(root.ToJsonString());

            foreach (var error in outcome.Problem?.Errors ?? [])
            {
                var parent = error.Pointer[..Math.Max(error.Pointer.LastIndexOf('/'), 0)];
                Assert.True(Exists(root, error.Pointer) || (Exists(root, parent) && error.Detail.StartsWith("is required", StringComparison.Ordinal)), $"{error}");
            }
        }, iter: 3000);

    /// <summary>Replaces, removes or adds one member or item somewhere.</summary>
    private static void Change(JsonNode root, double place, int kind, string junk)
    {
        var nodes = Descendants(root).Where(n => n.Parent is not null).ToList();
        if (nodes.Count == 0)
        {
            return;
        }

        var node = nodes[(int)(place * nodes.Count)];
        switch (node.Parent)
        {
            case JsonObject parent when kind == 0:
                parent[node.GetPropertyName()] = JsonNode.Parse(junk);
                break;
            case JsonObject parent when kind == 1:
                parent.Remove(node.GetPropertyName());
                break;
            case JsonObject parent:
                parent["other/~1member"] = JsonNode.Parse(junk);
                break;
            case JsonArray parent when kind == 0:
                parent[node.GetElementIndex()] = JsonNode.Parse(junk);
                break;
            case JsonArray parent when kind == 1:
                parent.RemoveAt(node.GetElementIndex());
                break;
            case JsonArray parent:
                parent.Add(node.DeepClone());
                break;
        }
    }

    private static IEnumerable<JsonNode> Descendants(JsonNode node)
    {
        yield return node;
        var children = node switch
        {
            JsonObject members => members.Select(m => m.Value),
            JsonArray items => items,
            _ => [],
        };
        foreach (var child in children.OfType<JsonNode>().SelectMany(Descendants))
        {
            yield return child;
        }
    }

    private static bool Exists(JsonNode root, string pointer)
    {
        if (pointer.Length == 0)
        {
            return true;
        }

        var node = root;
        foreach (var token in pointer[1..].Split('/').Select(t => t.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal)))
        {
            switch (node)
            {
                case JsonObject members when members.TryGetPropertyValue(token, out var member):
                    node = member;
                    break;
                case JsonArray items when int.TryParse(token, out var index) && index < items.Count:
                    node = items[index];
                    break;
                default:
                    return false;
            }
        }

        return true;
    }
}
