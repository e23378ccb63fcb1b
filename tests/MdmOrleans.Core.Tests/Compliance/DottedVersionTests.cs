using System.Text;
using CsCheck;
using MdmOrleans.Core.Compliance;

namespace MdmOrleans.Core.Tests.Compliance;

public sealed class DottedVersionTests
{
    private static readonly Gen<int[]> Components = Gen.OneOf(Gen.Int[0, 3], Gen.Int[0, int.MaxValue]).Array[1, 6];

    [Theory]
    [InlineData("0")]
    [InlineData("16.5")]
    [InlineData("016.05")]
    [InlineData("1.2.3.4.5.6")]
    [InlineData("2147483647.2147483647.2147483647.2147483647.2147483647.2147483647")]
    public void One_to_six_dotted_numbers_are_a_version(string text)
    {
        Assert.True(DottedVersion.TryParse(text, out _));
        Assert.True(DottedVersion.TryParse(Encoding.UTF8.GetBytes(text), out _));
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("1.")]
    [InlineData(".1")]
    [InlineData("1..2")]
    [InlineData("-1")]
    [InlineData("+1")]
    [InlineData(" 1")]
    [InlineData("1 ")]
    [InlineData("1.2-beta")]
    [InlineData("v1")]
    [InlineData("1,2")]
    [InlineData("1.2.3.4.5.6.7")]
    [InlineData("2147483648")]
    [InlineData("1.99999999999999999999999999")]
    [InlineData("١٦")]
    public void Anything_else_is_no_version(string text)
    {
        Assert.False(DottedVersion.TryParse(text, out _));
        Assert.False(DottedVersion.TryParse(Encoding.UTF8.GetBytes(text), out _));
    }

    [Theory]
    [InlineData("252.0-beta", "252")]
    [InlineData("252.0.", "252")]
    [InlineData("1.2.3.4.5.6.7", "1.2.3.4.5.6")]
    [InlineData("1:2.3", "1")]
    [InlineData("beta", "0")]
    [InlineData("", "0")]
    [InlineData("99999999999999999999999.5", "2147483647.5")]
    public void A_text_that_is_no_version_counts_by_its_numeric_prefix(string text, string version)
    {
        Assert.Equal(AVersion(version), DottedVersion.OfPrefix(text));
        Assert.Equal(AVersion(version), DottedVersion.OfPrefix(Encoding.UTF8.GetBytes(text)));
    }

    [Theory]
    [InlineData("16.10", "16.9")]
    [InlineData("17", "16.999")]
    [InlineData("1.0.0.0.0.1", "1")]
    [InlineData("2147483647", "2147483646.2147483647")]
    public void Components_compare_as_numbers_and_the_first_difference_decides(string greater, string less)
    {
        Assert.True(AVersion(greater) > AVersion(less));
        Assert.False(AVersion(greater) <= AVersion(less));
    }

    [Fact]
    public void The_order_is_that_of_the_components_padded_with_zeros() => Gen.Select(Components, Components).Sample((left, right) =>
    {
        var expected = Padded(left).CompareTo(Padded(right));

        var actual = AVersion(left).CompareTo(AVersion(right));

        Assert.Equal(Math.Sign(expected), Math.Sign(actual));
        Assert.Equal(-Math.Sign(actual), Math.Sign(AVersion(right).CompareTo(AVersion(left))));
        Assert.Equal(expected == 0, AVersion(left) == AVersion(right));
    });

    [Fact]
    public void The_order_is_transitive() => Gen.Select(Components, Components, Components).Sample((a, b, c) =>
    {
        DottedVersion[] sorted = [AVersion(a), AVersion(b), AVersion(c)];

        Array.Sort(sorted);

        Assert.True(sorted[0] <= sorted[1] && sorted[1] <= sorted[2] && sorted[0] <= sorted[2]);
    });

    [Fact]
    public void Missing_components_are_zero() => Components.Sample(components =>
    {
        var padded = components.Concat(Enumerable.Repeat(0, 6 - components.Length)).ToArray();

        Assert.Equal(AVersion(components), AVersion(padded));
        Assert.Equal(AVersion(components).GetHashCode(), AVersion(padded).GetHashCode());
    });

    [Fact]
    public void Every_text_has_a_prefix_and_a_version_is_its_own() => Gen.String[Gen.Char["0123456789.x"], 0, 20].Sample(text =>
    {
        var prefix = DottedVersion.OfPrefix(text);

        Assert.True(!DottedVersion.TryParse(text, out var version) || version == prefix);
    });

    private static (int, int, int, int, int, int) Padded(int[] components)
    {
        int[] all = [.. components, .. Enumerable.Repeat(0, 6 - components.Length)];
        return (all[0], all[1], all[2], all[3], all[4], all[5]);
    }

    private static DottedVersion AVersion(params int[] components) => AVersion(string.Join('.', components));

    private static DottedVersion AVersion(string text)
    {
        Assert.True(DottedVersion.TryParse(text, out var version));
        return version;
    }
}
