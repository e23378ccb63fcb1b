using MdmOrleans.Core.Integrations;

namespace MdmOrleans.Core.Tests.Integrations;

public sealed class InboundSignatureTests
{
    private static readonly byte[] Body = "{}"u8.ToArray();

    [Theory]
    [InlineData(300, true)]
    [InlineData(-300, true)]
    [InlineData(301, false)]
    [InlineData(-301, false)]
    public void A_signature_counts_for_five_minutes_to_both_sides(int seconds, bool isValid) =>
        Assert.Equal(isValid, InboundSignature.IsValid(InboundSignature.Sign("secret", Body, A.Now), "secret", Body, A.Now.AddSeconds(seconds)));

    [Fact]
    public void It_is_the_digest_of_the_instant_and_the_body() => Assert.Equal(
        "t=1700000000,v1=" + Convert.ToHexStringLower(System.Security.Cryptography.HMACSHA256.HashData("secret"u8, "1700000000.{}"u8)),
        InboundSignature.Sign("secret", Body, DateTimeOffset.FromUnixTimeSeconds(1_700_000_000)));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("v1=00,t=1")]
    [InlineData("t=,v1=")]
    [InlineData("t=1772366400,v1=zz")]
    [InlineData("t=-1,v1=0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("t=1772366400,v1=0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("t=1772366400,v1=0000000000000000000000000000000000000000000000000000000000000000,v1=00")]
    public void What_is_no_signature_does_not_count(string? header) =>
        Assert.False(InboundSignature.IsValid(header, "secret", Body, A.Now));
}
