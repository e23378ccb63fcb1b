using System.Text;
using MdmOrleans.Core.Compliance;

namespace MdmOrleans.Core.Tests.Compliance;

/// <summary>How much work a policy costs, counted in bytes that are allocated, which no other load changes.</summary>
public sealed class PolicyWorkTests
{
    private const int TimesItsSize = 200;

    [Fact]
    public void Parameters_cost_memory_in_proportion_to_their_size_however_deep_and_long_named_they_are()
    {
        var deep = string.Concat(Enumerable.Repeat($$"""{ "{{new string('a', 256)}}": """, 50))
            + $"[{string.Join(',', Enumerable.Repeat('1', 100_000))}]" + new string('}', 50);
        var policy = Encoding.UTF8.GetBytes($$"""
            { "name": "a", "rules": [],
              "onNoncompliance": [ { "afterHours": 0, "action": "command", "command": { "kind": "lock", "parameters": {{deep}} } } ] }
            """);
        PolicyReader.Read("{}"u8.ToArray(), new PolicyVersion("p", 1), Given.Now); // what is made once does not count

        var before = GC.GetAllocatedBytesForCurrentThread();
        var outcome = PolicyReader.Read(policy, new PolicyVersion("p", 1), Given.Now);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Equal(["/onNoncompliance/0/command/parameters"], outcome.Problem!.Errors.Select(e => e.Pointer));
        Assert.InRange(allocated, 0, (long)policy.Length * TimesItsSize);
    }

    [Fact]
    public void A_member_whose_name_is_longer_than_256_characters_is_refused_where_it_stands()
    {
        var outcome = Given.Reading($$"""{ "name": "a", "rules": [ { "{{new string('a', 257)}}": 1, "id": "r", "kind": "encryption" } ] }""");

        Assert.Equal([("/rules/0", "has a member whose name is longer than 256 characters")], outcome.Problem!.Errors.Select(e => (e.Pointer, e.Detail)));
    }
}
