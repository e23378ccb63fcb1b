using System.Security.Cryptography;
using System.Text;
using MdmOrleans.Core.Audit;

namespace MdmOrleans.Server.Hosting;

/// <summary>The key with which heads of chains are anchored: a file, because it must not lie in the database that it protects.</summary>
internal static class AnchorKeyFile
{
    public const string Setting = "Audit:AnchorKeyFile";

    private const string Name = "anchor-key";

    /// <summary>The file that the setting names must be there; the one in the data directory is made when it is missing.</summary>
    /// <exception cref="SettingException">It cannot be read or made, or holds no key.</exception>
    public static AnchorKey LoadOrMake(ServerSettings settings)
    {
        var path = settings.AnchorKeyFile ?? Path.Combine(settings.Directory, Name);
        try
        {
            if (settings.AnchorKeyFile is null && !File.Exists(path))
            {
                var secret = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(AnchorKey.Length));
                PrivateFile.Write(path, Encoding.ASCII.GetBytes(secret + "\n"));
            }

            return AnchorKey.TryParse(File.ReadAllText(path), out var key)
                ? key
                : throw new SettingException($"{Setting}: '{path}' holds no key; it must be 64 hexadecimal digits, as 'openssl rand -hex 32' makes them.");
        }
        catch (FileNotFoundException e)
        {
            throw new SettingException($"{Setting} is '{path}', and there is no such file; 'openssl rand -hex 32 > {path}' makes a key.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SettingException($"{Setting}: '{path}' cannot be used: {e.Message}", e);
        }
    }
}
