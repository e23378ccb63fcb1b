using System.Buffers.Text;
using System.Security.Cryptography;

namespace MdmOrleans.Api.Identity;

/// <summary>Makes keys and tokens: 256 random bits behind a prefix by which scanners find what leaked.</summary>
internal static class Secrets
{
    public static string NewKey() => New("mdmk_");

    public static string NewDeviceToken() => New("mdmd_");

    public static string NewWebhookSecret() => New("mdmw_");

    private static string New(string prefix) => prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
}
