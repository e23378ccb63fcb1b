using System.Collections.Frozen;
using System.Collections.Immutable;
using MdmOrleans.Core.Compliance.Attributes;
using MdmOrleans.Core.Compliance.Reading;
using MdmOrleans.Core.Identity;

namespace MdmOrleans.Core.Compliance.Rules;

/// <summary>Reads rules and groups of rules: every kind that there is, and what holds for all of them together.</summary>
internal static class RuleTree
{
    private const int MaximumRules = 200;
    private const int MaximumDepth = 8;
    private const int MaximumIdLength = 64;
    private const int MaximumRemediationLength = 1000;

    private static readonly FrozenDictionary<string, Func<JsonScope, RuleHead, Rule?>> Kinds =
        new Dictionary<string, Func<JsonScope, RuleHead, Rule?>>
        {
            [OsVersionRule.KindName] = OsVersionRule.Read,
            [EncryptionRule.KindName] = EncryptionRule.Read,
            [FlagRule.KeyProtection.Kind] = FlagRule.KeyProtection.Read,
            [FlagRule.Jailbreak.Kind] = FlagRule.Jailbreak.Read,
            [FlagRule.Passcode.Kind] = FlagRule.Passcode.Read,
            [PatchLevelRule.KindName] = PatchLevelRule.Read,
            [AppsRule.KindName] = AppsRule.Read,
            [CheckInRule.KindName] = CheckInRule.Read,
            [AttributeRule.KindName] = AttributeRule.Read,
        }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly string KindList = string.Join(", ", Kinds.Keys.Order(StringComparer.Ordinal));

    /// <param name="groups">How many groups are around them.</param>
    public static ImmutableArray<Rule> ReadList(JsonScope scope, string member, int groups)
    {
        // No array is as wrong as one that is too long; how many there are in all is counted below.
        var items = scope.TakeArray(member, groups == 0 ? 0 : 1, int.MaxValue, isNeeded: true) ?? [];
        var rules = ImmutableArray.CreateBuilder<Rule>(items.Count);
        foreach (var item in items)
        {
            if (++scope.Reading.Rules == MaximumRules + 1)
            {
                scope.Reading.Refuse(item.Path, $"exceeds the {MaximumRules} rules of a policy; groups and their children count");
            }

            if (scope.Reading.Rules <= MaximumRules && JsonScope.Open(item, scope.Reading) is { } rule && ReadRule(rule, groups) is { } read)
            {
                rules.Add(read);
            }
        }

        return rules.ToImmutable();
    }

    /// <summary>The paths into the attributes that any rule reads, each once.</summary>
    public static ImmutableArray<PosturePath> AttributePaths(ImmutableArray<Rule> rules)
    {
        var paths = new Dictionary<string, PosturePath>(StringComparer.Ordinal);
        Collect(rules);
        return [.. paths.Values];

        void Collect(ImmutableArray<Rule> level)
        {
            foreach (var rule in level)
            {
                if (rule is AttributeRule { Path.IsAttribute: true } attribute)
                {
                    paths.TryAdd(attribute.Path.Text, attribute.Path);
                }
                else if (rule is GroupRule group)
                {
                    Collect(group.Rules);
                }
            }
        }
    }

    private static Rule? ReadRule(JsonScope scope, int groups)
    {
        var head = ReadHead(scope);
        var hasAll = scope.Has(GroupRule.All);
        var hasAny = scope.Has(GroupRule.Any);
        if (hasAll || hasAny)
        {
            var rule = ReadGroup(scope, head, hasAll, groups);
            scope.Close(); // names what is left, be it a kind or the other word
            return rule;
        }

        if (scope.TakeText("kind", 64, isNeeded: true) is not { } kind)
        {
            return null; // what else belongs here depends on the kind
        }

        if (!Kinds.TryGetValue(kind, out var read))
        {
            scope.Refuse("kind", $"must be one of {KindList}");
            return null;
        }

        var single = read(scope, head);
        scope.Close();
        return single;
    }

    private static GroupRule? ReadGroup(JsonScope scope, RuleHead head, bool isAll, int groups)
    {
        var member = isAll ? GroupRule.All : GroupRule.Any;
        if (groups == MaximumDepth)
        {
            scope.Take(member);
            scope.Refuse(member, $"is nested too deep; groups may nest {MaximumDepth} deep");
            return null;
        }

        return new GroupRule(head, isAll, ReadList(scope, member, groups + 1));
    }

    private static RuleHead ReadHead(JsonScope scope)
    {
        var id = scope.TakeText("id", MaximumIdLength, isNeeded: true);
        if (id is not null && !Names.IsMixed(id))
        {
            scope.Refuse("id", "must be 1 to 64 letters, digits, dots, underscores and hyphens, starting with a letter or a digit");
        }
        else if (id is not null && !scope.Reading.RuleIds.Add(id))
        {
            scope.Refuse("id", "is the id of another rule");
        }

        var severity = scope.TakeWord("severity", PolicyWords.Severities);
        var platforms = scope.TakePlatformList();
        var remediation = scope.TakeText("remediation", MaximumRemediationLength) is { } template ? ReadRemediation(scope, template) : null;
        return new RuleHead(id ?? "", severity ?? Severity.Required, platforms, remediation);
    }

    private static RemediationText? ReadRemediation(JsonScope scope, string template)
    {
        var text = RemediationText.TryCreate(template);
        if (text is null)
        {
            scope.Refuse("remediation", "has {{ that is neither {{expected}} nor {{actual}}");
        }

        return text;
    }
}
