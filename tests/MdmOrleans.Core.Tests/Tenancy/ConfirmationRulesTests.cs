using MdmOrleans.Core.Tenancy;

namespace MdmOrleans.Core.Tests.Tenancy;

public sealed class ConfirmationRulesTests
{
    private static readonly byte[] Key = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];

    [Theory]
    [InlineData(0, true)]
    [InlineData(600, true)]
    [InlineData(601, false)]
    [InlineData(-60, false)]
    public void A_word_counts_for_ten_minutes(int seconds, bool counts)
    {
        var word = ConfirmationRules.Issue(Key, "PUT /a", A.Now);

        Assert.Equal(counts, ConfirmationRules.Accepts(Key, "PUT /a", word, A.Now.AddSeconds(seconds)));
    }

    [Fact]
    public void A_word_counts_for_one_request_under_one_key_and_cannot_be_made_to_last()
    {
        var word = ConfirmationRules.Issue(Key, "PUT /a", A.Now);
        var later = (A.Now + ConfirmationRules.Life + ConfirmationRules.Life).ToUnixTimeSeconds().ToString("x8", System.Globalization.CultureInfo.InvariantCulture);

        Assert.False(ConfirmationRules.Accepts(Key, "PUT /b", word, A.Now));
        Assert.False(ConfirmationRules.Accepts(new byte[32], "PUT /a", word, A.Now));
        Assert.False(ConfirmationRules.Accepts(Key, "PUT /a", later + word[8..], A.Now.AddMinutes(10)));
        Assert.False(ConfirmationRules.Accepts(Key, "PUT /a", "", A.Now));
        Assert.False(ConfirmationRules.Accepts(Key, "PUT /a", new string('ä', word.Length), A.Now));
    }
}
