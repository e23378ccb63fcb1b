using System.Text;
using System.Text.Json.Serialization.Metadata;
using MdmOrleans.Api.Bodies;
using MdmOrleans.Contracts.Http;
using MdmOrleans.Contracts.Http.Tenancy;

namespace MdmOrleans.Integration.Tests.Http;

/// <summary>How much work a body costs, counted in bytes that are allocated, which no other load changes.</summary>
public sealed class BodyWorkTests
{
    private const int TimesItsSize = 60;

    public static TheoryData<string> Bombs => new(
        $$"""{ "{{new string('a', 500_000)}}": [{{Ones(250_000)}}] }""",
        $$"""{ "{{new string('a', 256)}}": [{{Ones(500_000)}}] }""",
        string.Concat(Enumerable.Repeat($$"""{ "{{new string('a', 256)}}": """, 30)) + $"[{Ones(450_000)}]" + new string('}', 30),
        $"[{string.Join(',', Enumerable.Repeat("{\"a\":0,\"a\":0}", 60_000))}]",
        $"{{{string.Join(',', Enumerable.Range(0, 80_000).Select(i => $"\"{i:x6}\":0"))}}}");

    [Theory]
    [MemberData(nameof(Bombs))]
    public void A_body_costs_memory_in_proportion_to_its_size_whatever_is_in_it(string bomb)
    {
        var body = Encoding.UTF8.GetBytes(bomb);
        foreach (var expected in new[] { null, HttpJson.Default.Options.GetTypeInfo(typeof(TenantRequest)) })
        {
            Assert.InRange(AllocatedBy(body, expected), 0, (long)body.Length * TimesItsSize);
        }
    }

    private static string Ones(int count) => string.Join(',', Enumerable.Repeat('1', count));

    private static long AllocatedBy(byte[] body, JsonTypeInfo? expected)
    {
        BodyCheck.Run("{}"u8, expected); // what is made once does not count
        var before = GC.GetAllocatedBytesForCurrentThread();
        BodyCheck.Run(body, expected);
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
